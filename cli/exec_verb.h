#pragma once

#include <string>
#include <vector>

namespace parlando {

/// Replaces this process by the program `parlando-VERB` that lies beside this one or on PATH;
/// signals and launchers (mpirun, srun) then reach the program itself. Returns only by throwing
/// Error(usage): unknown verb, with the nearest one, or a verb whose program is not installed.
[[noreturn]] void exec_verb(const std::string& verb, const std::vector<std::string>& arguments);

}  // namespace parlando
