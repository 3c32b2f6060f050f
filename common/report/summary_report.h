#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "common/report/run_groups.h"
#include "common/report/run_record.h"

namespace parlando::report {

/// Folder of each run's own page inside the summary's folder: the run's name, numbered where two
/// are equal.
std::vector<std::string> page_folders(std::span<const RunRecord> runs);

/// Writes a summary of several runs into `out_folder`: index.html, report.md and runs.csv, and each
/// run's own report into a folder beside them. Throws Error(artefact) like write_run_report.
void write_summary_report(std::span<const std::filesystem::path> run_folders,
                          const std::filesystem::path& out_folder);

}  // namespace parlando::report
