#pragma once

#include <functional>
#include <optional>
#include <string>

namespace parlando::dist {

/// How the processes of a job find each other.
enum class Rendezvous {
  none,  ///< one process
  mpi,   ///< by the launcher's MPI
  tcp,   ///< rank 0 listens at a known address
};

/// Which process of how many this is, as the launcher says it in the environment.
struct LaunchEnvironment {
  int rank = 0;
  int world_size = 1;
  int local_rank = 0;             ///< among the processes of this host
  int local_size = 1;             ///< processes on this host
  std::string launcher = "none";  ///< "mpirun", "srun", "torchrun" or "none"
  Rendezvous rendezvous = Rendezvous::none;
  std::string root_host{};  ///< where rank 0 listens, for tcp; empty, port 0: not said
  int root_port = 0;
};

/// Looks a variable up; nullopt if it is unset.
using EnvironmentLookup = std::function<std::optional<std::string>(const std::string&)>;

/// Reads the variables of, in this order,
///   mpirun (Open MPI): OMPI_COMM_WORLD_RANK, _SIZE, _LOCAL_RANK, _LOCAL_SIZE
///   torchrun itself (TORCHELASTIC_RUN_ID is set), then srun (a SLURM step), then whoever sets
///   RANK, WORLD_SIZE, LOCAL_RANK, LOCAL_WORLD_SIZE, MASTER_ADDR and MASTER_PORT.
/// A step that srun did not connect by PMIx meets by TCP, at MASTER_ADDR and MASTER_PORT or at its
/// first node and a port made from the numbers of job, restart and step. A shell inside a SLURM
/// allocation is no step and counts as a single process. Throws Error(usage), naming them, if
/// variables contradict each other or rank or size is missing; programs whose ranks do not talk
/// need no address.
LaunchEnvironment detect_launch(const EnvironmentLookup& lookup);

/// The same from this process's environment.
LaunchEnvironment detect_launch();

/// Whether a variable says which process of how many this is. A program that is started by one rank
/// for a job of its own must not see them. SLURM's variables of the whole job, and Open MPI's
/// settings, are none.
bool is_launch_variable(const std::string& name);

}  // namespace parlando::dist
