#pragma once

#include <set>
#include <string>
#include <vector>

#include "experiments/sweep/folder/sweep_folder.h"
#include "experiments/sweep/submit/rounds.h"

namespace parlando::sweep {

/// Trials that are neither finished nor stopped for good, but for those in `queued`, in elements:
/// trials_per_element each, or, where trials are stopped early, as many workers as may run at a
/// time.
std::vector<std::vector<int>> make_elements(const Sweep& sweep, const std::set<int>& queued);

/// The options of sbatch for elements first .. first + count - 1 of a round.
std::vector<std::string> sbatch_options(const Sweep& sweep, const SubmittedRound& round, int first,
                                        int count);

struct Submission {
  SubmittedRound round;   ///< without elements if there was nothing to submit
  std::string collector;  ///< job that collects when the others have ended, however they end
};

/// Submits what is missing or failed as array jobs, none larger than the cluster's MaxArraySize,
/// and a collector behind them. Nothing is submitted for trials that are still queued or running.
/// Throws Error(usage) if there is no sbatch, Error(distributed) with their words if sbatch or
/// squeue refuses; what was submitted until then stays, and another submit() adds the rest, the
/// collector too.
Submission submit(const Sweep& sweep);

}  // namespace parlando::sweep
