#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace parlando::test {

/// What a program left behind.
struct ProcessResult {
  int exit_code = -1;  ///< 128 + signal if a signal ended it
  int pid = 0;
  std::string out;
  std::string err;
};

struct ProcessOptions {
  std::map<std::string, std::string> environment{};  ///< laid over the environment of the test
  std::filesystem::path folder{};                    ///< where it runs; empty = here
  double timeout_seconds = 120;                      ///< then it is killed (exit code 137)
};

/// run_child() with a time limit.
ProcessResult run_process(const std::vector<std::string>& command,
                          const ProcessOptions& options = {});

/// build/bin/NAME, from PARLANDO_BIN. Throws std::runtime_error if that is not set.
std::string program(const std::string& name);

/// Runs build/bin/parlando with these arguments.
ProcessResult parlando(const std::vector<std::string>& arguments,
                       const ProcessOptions& options = {});

/// A file or folder of the source tree, from PARLANDO_SOURCE.
std::filesystem::path source_path(const std::filesystem::path& relative);

}  // namespace parlando::test
