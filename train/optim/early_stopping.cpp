#include "train/optim/early_stopping.h"

#include <limits>

namespace parlando::train {

EarlyStopping::EarlyStopping(const EarlyStoppingConfig& config) : config_(config) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  state_.best = larger_is_better(config.monitor) ? -kInfinity : kInfinity;
}

bool EarlyStopping::observe(const ValidationFigures& figures, int epoch) {
  if (epoch <= config_.start_from_epoch) return false;
  const double value = monitored(figures, config_.monitor);
  const bool improved = larger_is_better(config_.monitor) ? value - config_.min_delta > state_.best
                                                          : value + config_.min_delta < state_.best;
  const bool first = state_.best_epoch == 0;
  if (improved) {
    state_ = {.best = value, .best_epoch = epoch, .wait = 0};
    return true;
  }
  ++state_.wait;
  // Weights to go back to, should nothing ever improve (a loss that is no number).
  if (first) state_.best_epoch = epoch;
  return first;
}

}  // namespace parlando::train
