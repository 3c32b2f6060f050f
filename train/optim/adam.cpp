#include "train/optim/adam.h"

#include <cmath>

namespace parlando::train {

Adam::Adam(const OptimizerConfig& config, const at::Tensor& values)
    : config_(config),
      first_moment_(at::zeros_like(values)),
      second_moment_(at::zeros_like(values)) {}

void Adam::step(const at::Tensor& values, const at::Tensor& gradients, double learning_rate) {
  const at::NoGradGuard guard;
  ++steps_;
  const auto t = static_cast<double>(steps_);
  const double rate =
      learning_rate * std::sqrt(1 - std::pow(config_.beta2, t)) / (1 - std::pow(config_.beta1, t));
  first_moment_.mul_(config_.beta1).add_(gradients, 1 - config_.beta1);
  second_moment_.mul_(config_.beta2).addcmul_(gradients, gradients, 1 - config_.beta2);
  values.addcdiv_(first_moment_, second_moment_.sqrt().add_(config_.epsilon), -rate);
}

}  // namespace parlando::train
