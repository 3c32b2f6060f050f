#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace parlando::sweep {

/// In what was logged since the last line of begin_log(): the last line in which one of our
/// programs says why it ended ("parlando-train: ..."), else the last line; "" if there is none.
std::string last_words(const std::filesystem::path& log);

/// Appends time, host and command.
void begin_log(const std::filesystem::path& log, const std::vector<std::string>& command);

}  // namespace parlando::sweep
