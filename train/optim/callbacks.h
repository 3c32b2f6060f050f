#pragma once

#include <limits>

#include "train/optim/optimizer_config.h"

namespace parlando::train {

/// Keras' ReduceLROnPlateau (mode min): after `patience` epochs in a row without a fall of more
/// than min_delta the rate is multiplied by `factor`, and the wait starts again.
class ReduceOnPlateau {
 public:
  struct State {
    double best = std::numeric_limits<double>::infinity();
    int wait = 0;
  };

  explicit ReduceOnPlateau(const PlateauConfig& config) : config_(config) {}

  /// The learning rate for the next epoch.
  double next_rate(double validation_loss, double learning_rate);

  const State& state() const { return state_; }
  void restore(const State& state) { state_ = state; }

 private:
  PlateauConfig config_;
  State state_;
};

/// Keras' EarlyStopping (mode min). Remembers which epoch was best; the caller keeps its weights.
class EarlyStopping {
 public:
  struct State {
    double best = std::numeric_limits<double>::infinity();
    int best_epoch = 0;
    int wait = 0;
  };

  explicit EarlyStopping(const EarlyStoppingConfig& config) : config_(config) {}

  /// Takes in an epoch (counted from 1); true if it is the best so far.
  bool observe(double validation_loss, int epoch);
  bool should_stop() const { return config_.enabled && state_.wait >= config_.patience; }

  const State& state() const { return state_; }
  void restore(const State& state) { state_ = state; }

 private:
  EarlyStoppingConfig config_;
  State state_;
};

}  // namespace parlando::train
