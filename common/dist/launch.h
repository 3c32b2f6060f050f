#pragma once

#include <functional>
#include <optional>
#include <string>

namespace parlando::dist {

/// Which process of how many this is, as the launcher says it in the environment.
struct LaunchEnvironment {
  int rank = 0;
  int world_size = 1;
  int local_rank = 0;             ///< among the processes of this host
  int local_size = 1;             ///< processes on this host
  std::string launcher = "none";  ///< "mpirun", "srun", "torchrun" or "none"
};

/// Looks a variable up; nullopt if it is unset.
using EnvironmentLookup = std::function<std::optional<std::string>(const std::string&)>;

/// Reads the variables of Open MPI, SLURM steps (srun) and torchrun, in this order. A shell inside
/// a SLURM allocation is no step and counts as a single process. Throws Error(usage) if a
/// launcher's variables contradict each other, naming them.
LaunchEnvironment detect_launch(const EnvironmentLookup& lookup);

/// The same from this process's environment.
LaunchEnvironment detect_launch();

}  // namespace parlando::dist
