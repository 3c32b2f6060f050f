#pragma once

#include <string>

#include "train/optim/monitor.h"

namespace parlando::train {

struct PlateauConfig {
  std::string monitor = "loss";
  double factor = 0.5;
  int patience = 3;
  double min_delta = 1e-4;
  int cooldown = 0;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("monitor", monitor,
            {.help = "figure of the validation side that is watched", .choices = monitor_names()});
    v.field("factor", factor, {.help = "new rate = old rate * factor", .min = 0, .max = 1});
    v.field("patience", patience,
            {.help = "epochs without improvement", .unit = "epochs", .min = 1});
    v.field("min_delta", min_delta, {.help = "smallest change that counts", .min = 0});
    v.field("cooldown", cooldown,
            {.help = "epochs after a reduction that do not count", .unit = "epochs", .min = 0});
  }
};

/// Keras' ReduceLROnPlateau: after `patience` epochs in a row without an improvement of more than
/// min_delta the rate is multiplied by `factor`, and the wait starts again.
class ReduceOnPlateau {
 public:
  struct State {
    double rate = 0;
    double best = 0;
    int wait = 0;
    int cooldown = 0;
  };

  ReduceOnPlateau(const PlateauConfig& config, double learning_rate, double min_learning_rate);

  /// Takes in an epoch.
  void observe(const ValidationFigures& figures);
  /// The rate for the steps after it.
  double rate() const { return state_.rate; }

  const State& state() const { return state_; }
  void restore(const State& state) { state_ = state; }

 private:
  PlateauConfig config_;
  double min_learning_rate_;
  State state_;
};

}  // namespace parlando::train
