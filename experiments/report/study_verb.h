#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace parlando::report {

/// What the command line says on a study alone.
struct StudyArguments {
  std::string results;            ///< "" = beside the study's file
  std::vector<std::string> rows;  ///< that get figures of their own
  bool readme = false;            ///< also README.md in the folder of results

  void declare(CLI::App& app);
  /// Throws Error(usage) if one is given for something that is no study.
  void refuse_for(const std::string& path) const;
};

/// Reads a study and writes its report, into report/ of its results if `out` is empty. Missing
/// gnuplot is a warning. Returns the exit code.
int report_study(const std::filesystem::path& path, const std::filesystem::path& out,
                 const StudyArguments& arguments, bool json);

}  // namespace parlando::report
