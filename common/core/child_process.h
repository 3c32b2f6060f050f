#pragma once

#include <string>
#include <vector>

namespace parlando {

/// What a program that was started left behind.
struct ChildResult {
  int exit_code = 0;   ///< 128 + signal if a signal ended it
  std::string output;  ///< its standard output
  std::string errors;  ///< its standard error
};

/// Runs a program, which PATH is searched for if its name has no slash, and waits for it. Its
/// standard input is empty. Throws Error(usage) naming the program if it can't be started.
ChildResult run_child(const std::vector<std::string>& command);

}  // namespace parlando
