#include "train/optim/callbacks.h"

#include <algorithm>

namespace parlando::train {

double ReduceOnPlateau::next_rate(double validation_loss, double learning_rate) {
  if (!config_.enabled) return learning_rate;
  if (validation_loss < state_.best - config_.min_delta) {
    state_ = {.best = validation_loss, .wait = 0};
    return learning_rate;
  }
  if (++state_.wait < config_.patience) return learning_rate;
  state_.wait = 0;
  return std::min(learning_rate,
                  std::max(learning_rate * config_.factor, config_.min_learning_rate));
}

bool EarlyStopping::observe(double validation_loss, int epoch) {
  if (validation_loss < state_.best - config_.min_delta) {
    state_ = {.best = validation_loss, .best_epoch = epoch, .wait = 0};
    return true;
  }
  ++state_.wait;
  return false;
}

}  // namespace parlando::train
