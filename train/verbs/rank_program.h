#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "common/dist/launch.h"
#include "train/run/rank_context.h"

namespace parlando::train {

/// What a program does on each rank once its arguments are read.
struct RankBody {
  int exit_code = 0;
  double first_timeout_seconds = 0;  ///< as in WatchdogOptions
  double timeout_seconds = 0;
  std::filesystem::path board;  ///< where ranks tell each other what they do; empty = none
  std::function<void(RankContext)> body;  ///< empty: end with exit_code (--help)
};

/// Told of every operation that a rank begins, as WatchdogOptions::on_enter.
using OperationObserver = std::function<void(const dist::Activity&)>;

/// main() of a program that runs on one process or, under mpirun or srun, on many: finds the
/// launcher, lets `prepare` read the arguments, starts MPI if there is more than one rank and runs
/// the body under a watchdog. Rank 0 alone speaks, unless another rank fails alone: then it says so
/// and ends the job.
int run_rank_program(const std::string& name,
                     const std::function<RankBody(const dist::LaunchEnvironment&)>& prepare,
                     const OperationObserver& observer = {});

}  // namespace parlando::train
