#pragma once

#include <string>

namespace parlando {

/// Cores this process may use: the affinity mask, SLURM_CPUS_PER_TASK and the cgroup quota,
/// whichever is least; at least 1.
int available_cores();

/// The processor's name for people, such as "AMD EPYC 9R45"; "unknown" where the system does not
/// say.
std::string processor_name();

}  // namespace parlando
