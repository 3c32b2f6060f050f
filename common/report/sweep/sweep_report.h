#pragma once

#include <filesystem>

namespace parlando::report {

/// Writes the report of a sweep into `out_folder`: index.html (self-contained), report.md and a
/// copy of results.csv. Throws Error(artefact) like read_sweep.
void write_sweep_report(const std::filesystem::path& sweep_folder,
                        const std::filesystem::path& out_folder);

}  // namespace parlando::report
