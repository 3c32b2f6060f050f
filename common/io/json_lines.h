#pragma once

#include <filesystem>
#include <vector>

#include "common/io/json.h"

namespace parlando {

/// The values of a file with one a line; none if there is no file. A last line that was cut short
/// by a kill is left out. Throws Error(artefact) naming file and line.
std::vector<Json> read_json_lines(const std::filesystem::path& path);

}  // namespace parlando
