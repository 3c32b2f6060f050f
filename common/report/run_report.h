#pragma once

#include <filesystem>

namespace parlando::report {

/// Writes the report of one run into `out_folder`: index.html (self-contained: no script, no file
/// or address outside itself), report.md, per_class.csv and confusion.csv. Reads what the run
/// folder has; a run that stopped before its evaluation gets a report of what is there, which says
/// what is missing. Throws Error(artefact) if the folder holds no run or a file in it is damaged,
/// naming the file and what to do.
void write_run_report(const std::filesystem::path& run_folder,
                      const std::filesystem::path& out_folder);

}  // namespace parlando::report
