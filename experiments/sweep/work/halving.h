#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <vector>

namespace parlando::sweep {

/// Where trials are compared, and how many go on. A sweep without early stopping has one rung: all
/// epochs.
struct HalvingPlan {
  std::vector<std::int64_t> rungs;  ///< epochs, rising; the last is the whole training
  double eta = 3;
  bool larger_is_better = true;
};

/// Rungs at min_epochs * eta^k below `epochs`, and `epochs`.
HalvingPlan halving_plan(std::int64_t min_epochs, std::int64_t epochs, double eta,
                         bool larger_is_better);

/// What a trial had when it came to a rung.
struct RungEntry {
  int trial = 0;
  double value = 0;  ///< of the metric; not finite ranks last
  int round = 0;     ///< that it came there in
};

/// All that decisions depend on: entries[k] are those of rung k, in any order.
struct HalvingState {
  int trials = 0;
  std::vector<std::vector<RungEntry>> entries;
  std::set<int> failed;
};

/// Train `trial` up to rung `rung`.
struct Job {
  int trial = 0;
  int rung = 0;
  bool operator==(const Job&) const = default;
};

/// What is to do, the most urgent first: trials among the best 1/eta of the entries of a rung that
/// have not come to the next one, from the top rung down, then trials not begun, in their order.
/// Jobs that somebody works on are among them. Empty: the sweep is complete. Decisions depend on
/// the state alone, so that workers need no server: whoever claims a job first does it. Failed
/// trials are neither begun nor promoted. Ties go to the trial of the lower number.
/// Li et al., "A system for massively parallel hyperparameter tuning", MLSys 2020, algorithm 2.
std::vector<Job> open_jobs(const HalvingPlan& plan, const HalvingState& state);

}  // namespace parlando::sweep
