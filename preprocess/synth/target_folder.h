#pragma once

#include <filesystem>
#include <string>
#include <unordered_set>

#include "common/io/json.h"

namespace parlando::preprocess {

/// Throws Error(artefact) if a synthetic corpus may not be written to `folder`: it holds files but
/// no marker, the marker of another corpus, or audio that is not in `expected` (paths relative to
/// `folder`). Reads only. A folder that does not exist is fine.
void check_target_folder(const std::filesystem::path& folder, const Json& marker,
                         const std::unordered_set<std::string>& expected);

}  // namespace parlando::preprocess
