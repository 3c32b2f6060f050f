#pragma once

#include <string>
#include <vector>

namespace parlando::audio {

/// The wav and FLAC files at any depth of a folder, as paths that begin with it, in the order of
/// their names. Throws Error(usage) if the folder is missing, can't be read or holds none.
std::vector<std::string> list_sounds(const std::string& folder);

}  // namespace parlando::audio
