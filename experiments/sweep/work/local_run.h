#pragma once

#include <string>
#include <vector>

#include "common/core/signals.h"
#include "experiments/sweep/folder/sweep_folder.h"
#include "experiments/sweep/work/worker.h"

namespace parlando::sweep {

struct LocalRunOptions {
  int jobs = 0;                   ///< trials at a time; 0 = as many as cores (or GPU slots) allow
  std::vector<std::string> gpus;  ///< their numbers; empty = none
  int jobs_per_gpu = 1;
  bool pin = true;  ///< each trial to cores of its own, where there are enough
};

/// What each of the jobs runs on. Throws Error(usage) for options that contradict each other.
std::vector<Slot> make_slots(const Sweep& sweep, const LocalRunOptions& options,
                             const std::vector<int>& cores);

/// The cores of this process, and no more of them than available_cores().
std::vector<int> own_cores();

/// Works on a sweep on this machine until nothing is open. Throws Error(stopped) when asked to
/// stop: every trial that was running has a checkpoint.
void run_locally(const Sweep& sweep, const LocalRunOptions& options, const StopRequest& stop);

}  // namespace parlando::sweep
