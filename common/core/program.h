#pragma once

#include <functional>
#include <string>

namespace parlando {

/// Runs the body of main(): prints an exception as one line "parlando-VERB: message" on stderr and
/// maps it to its exit code (Error::exit_code; 70 for anything else).
int run_program(const std::string& name, const std::function<int()>& body);

}  // namespace parlando
