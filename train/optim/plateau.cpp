#include "train/optim/plateau.h"

#include <algorithm>
#include <limits>

namespace parlando::train {

ReduceOnPlateau::ReduceOnPlateau(const PlateauConfig& config, double learning_rate,
                                 double min_learning_rate)
    : config_(config), min_learning_rate_(min_learning_rate) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  state_.rate = learning_rate;
  state_.best = larger_is_better(config.monitor) ? -kInfinity : kInfinity;
}

void ReduceOnPlateau::observe(const ValidationFigures& figures) {
  const double value = monitored(figures, config_.monitor);
  if (state_.cooldown > 0) {
    --state_.cooldown;
    state_.wait = 0;
  }
  const bool improved = larger_is_better(config_.monitor) ? value > state_.best + config_.min_delta
                                                          : value < state_.best - config_.min_delta;
  if (improved) {
    state_.best = value;
    state_.wait = 0;
    return;
  }
  if (state_.cooldown > 0 || ++state_.wait < config_.patience) return;
  if (state_.rate <= min_learning_rate_) return;
  state_.rate = std::max(state_.rate * config_.factor, min_learning_rate_);
  state_.cooldown = config_.cooldown;
  state_.wait = 0;
}

}  // namespace parlando::train
