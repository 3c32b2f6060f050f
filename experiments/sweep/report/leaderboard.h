#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/sweep/folder/sweep_folder.h"
#include "experiments/sweep/work/sweep_state.h"

namespace parlando::sweep {

enum class TrialStatus {
  missing,  ///< not begun, or cut off
  stopped,  ///< came to a rung and did not go on
  finished,
  failed,
};
const char* status_name(TrialStatus status);

struct Interval {
  double low = 0, high = 0;
};

/// What is known of a trial.
struct TrialResult {
  int trial = 0;
  TrialStatus status = TrialStatus::missing;
  double value = 0;                 ///< of the metric, NaN if there is none
  std::optional<Interval> ci95;     ///< of the validation side, by bootstrap; finished trials only
  int rung = -1;                    ///< the highest that it came to
  std::vector<double> rung_values;  ///< at rungs 0 .. rung; NaN where there was none
  std::vector<std::int64_t> rung_times;  ///< when it came there, Unix seconds; with details
  std::int64_t epochs = 0, best_epoch = 0;
  double seconds = 0;
  std::string error;
};

/// One for each trial. With `details` runs are read for intervals, and for the epochs of trials
/// that were stopped.
std::vector<TrialResult> trial_results(const Sweep& sweep, const SweepState& state,
                                       bool details = false);

/// Of those that came furthest the one with the best value; null if there is none. Trials that
/// were stopped early had fewer epochs to be lucky in.
const TrialResult* best_trial(const Sweep& sweep, const std::vector<TrialResult>& results);

/// Trials that are neither finished nor stopped for good, nor failed in this round or a later one.
std::size_t count_open(const Sweep& sweep, const SweepState& state, int round);

/// A configuration over its folds and seeds.
struct LeaderboardRow {
  int configuration = 0;
  std::vector<int> trials;  ///< that have a value
  std::size_t expected = 0;
  double mean = 0;
  std::optional<Interval>
      ci95;  ///< of the mean over folds and seeds (Student), or of the one trial
  int rung = -1;
  std::int64_t epochs = 0;  ///< of all its trials
};

/// The best first: those that came furthest, by their mean. A configuration that lacks trials
/// stands behind the complete ones.
std::vector<LeaderboardRow> leaderboard(const Sweep& sweep,
                                        const std::vector<TrialResult>& results);

}  // namespace parlando::sweep
