#pragma once

#include <string>

#include "train/optim/monitor.h"

namespace parlando::train {

struct EarlyStoppingConfig {
  bool enabled = true;
  std::string monitor = "loss";
  int patience = 5;
  double min_delta = 0;
  int start_from_epoch = 0;
  bool restore_best = true;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("enabled", enabled, {.help = "stop when the monitored figure stalls"});
    v.field("monitor", monitor,
            {.help = "figure of the validation side that says which epoch is best",
             .choices = monitor_names()});
    v.field("patience", patience,
            {.help = "epochs without improvement", .unit = "epochs", .min = 1});
    v.field("min_delta", min_delta, {.help = "smallest change that counts", .min = 0});
    v.field("start_from_epoch", start_from_epoch,
            {.help = "so many epochs at the start are not looked at", .unit = "epochs", .min = 0});
    v.field("restore_best", restore_best,
            {.help = "end with the best epoch's weights instead of the last one's"});
  }
};

/// Keras' EarlyStopping. Remembers which epoch was best; the caller keeps its weights.
class EarlyStopping {
 public:
  struct State {
    double best = 0;
    int best_epoch = 0;  ///< 0 = none yet
    int wait = 0;
  };

  explicit EarlyStopping(const EarlyStoppingConfig& config);

  /// Takes in an epoch (counted from 1); true if its weights are the ones to keep: the best so far,
  /// or the first that was looked at.
  bool observe(const ValidationFigures& figures, int epoch);
  bool should_stop() const { return config_.enabled && state_.wait >= config_.patience; }

  const State& state() const { return state_; }
  void restore(const State& state) { state_ = state; }

 private:
  EarlyStoppingConfig config_;
  State state_;
};

}  // namespace parlando::train
