#pragma once

#include <functional>
#include <string>

#include "common/dist/communicator.h"
#include "common/dist/launch.h"

namespace parlando::train {

/// What a program does on each rank once its arguments are read.
struct RankBody {
  int exit_code = 0;
  double timeout_seconds = 0;                     ///< of collectives
  std::function<void(dist::Communicator&)> body;  ///< empty: end with exit_code (--help)
};

/// main() of a program that runs on one process or, under mpirun or srun, on many: finds the
/// launcher, lets `prepare` read the arguments, starts MPI if there is more than one rank and runs
/// the body. Rank 0 alone speaks, unless another rank fails alone: then it says so and ends the
/// job.
int run_rank_program(const std::string& name,
                     const std::function<RankBody(const dist::LaunchEnvironment&)>& prepare);

}  // namespace parlando::train
