#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace parlando {

/// What a program that was started left behind.
struct ChildResult {
  int exit_code = 0;  ///< 128 + signal if a signal ended it
  int pid = 0;
  std::string output;  ///< its standard output
  std::string errors;  ///< its standard error
};

struct ChildOptions {
  std::map<std::string, std::string> environment{};  ///< laid over that of this process
  std::filesystem::path folder{};                    ///< where it runs; empty = here
  double timeout_seconds = 0;                        ///< then it is killed (137); 0 = no limit
};

/// Runs a program, which PATH is searched for if its name has no slash, and waits for it. Its
/// standard input is empty. Throws Error(usage) naming the program if it can't be started.
ChildResult run_child(const std::vector<std::string>& command, const ChildOptions& options = {});

}  // namespace parlando
