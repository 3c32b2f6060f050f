#pragma once

#include <map>
#include <string>

#include "experiments/sweep/folder/sweep_folder.h"
#include "experiments/sweep/work/halving.h"

namespace parlando::sweep {

/// How the training of a trial ended.
struct Outcome {
  bool finished = false;  ///< else it failed
  int round = 0;          ///< that it ended in
  double value = 0;       ///< of the metric, for the weights kept
  std::int64_t epochs = 0, best_epoch = 0;
  double seconds = 0;  ///< of training
  int exit_code = 0;
  std::string error;  ///< the program's last words
};

void write_outcome(const Sweep& sweep, int trial, const Outcome& outcome);
/// Written once for a rung and a trial. `epochs`: those it had trained.
void write_rung_entry(const Sweep& sweep, int rung, const RungEntry& entry, std::int64_t epochs);

/// What the folder says about all trials. Files appear whole, by rename, and each is read once, so
/// that looking again costs little more than listing two folders: safe on NFS.
class SweepState {
 public:
  explicit SweepState(const Sweep& sweep);

  void refresh();

  /// For decisions in a round: trials that failed before it may be tried again.
  HalvingState halving(int round) const;
  /// Of trials that ended. A failure counts until a later round brings its trial to a rung.
  const std::map<int, Outcome>& outcomes() const { return outcomes_; }
  /// entries[rung], by trial.
  const std::vector<std::map<int, RungEntry>>& entries() const { return entries_; }
  bool finished(int trial) const;

 private:
  bool came_further(int trial, int round) const;

  const Sweep& sweep_;
  std::map<int, Outcome> outcomes_;
  std::vector<std::map<int, RungEntry>> entries_;
};

}  // namespace parlando::sweep
