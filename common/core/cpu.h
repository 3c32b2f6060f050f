#pragma once

namespace parlando {

/// Cores this process may use: the affinity mask, SLURM_CPUS_PER_TASK and the cgroup quota,
/// whichever is least; at least 1.
int available_cores();

}  // namespace parlando
