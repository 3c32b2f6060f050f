#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/report/study/study_analysis.h"

namespace parlando::report {

struct StudyReportOptions {
  std::vector<std::string> rows{};  ///< that get figures of their own; empty: chosen_entries
  std::filesystem::path readme{};   ///< Markdown of the main tables; empty: none
  std::string gnuplot = "gnuplot";  ///< program that draws
};

struct StudyReport {
  std::size_t figures = 0;  ///< drawn
  std::string trouble;      ///< why figures are missing; "" if none is
};

/// Writes the report of a study into `out_folder`: index.html (self-contained), report.md, tables
/// as CSV, and in figures/ each figure as SVG and PNG with its data and gnuplot script. Where
/// figures can't be drawn the page says so and has its tables. Throws Error(usage) for a row that
/// is not there, Error(artefact) if the folder can't be written.
StudyReport write_study_report(const StudyRecord& study, const StudyAnalysis& analysis,
                               const std::filesystem::path& out_folder,
                               const StudyReportOptions& options = {});

/// The main tables as Markdown, for a file beside the results: from the runs alone, so that equal
/// results give equal text.
std::string study_readme(const StudyRecord& study, const StudyAnalysis& analysis);

}  // namespace parlando::report
