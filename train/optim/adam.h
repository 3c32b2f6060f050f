#pragma once

#include <cstdint>

#include "train/optim/optimizer_config.h"
#include "train/torch.h"

namespace parlando::train {

/// Adam over one flat vector, in Keras' "epsilon hat" form:
///   p -= lr * sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + epsilon)
/// Kingma & Ba, "Adam", 2015, end of section 2.
class Adam {
 public:
  Adam(const OptimizerConfig& config, const at::Tensor& values);

  void step(const at::Tensor& values, const at::Tensor& gradients, double learning_rate);

  /// State for checkpoints; set together with set_steps() on resume.
  at::Tensor first_moment() const { return first_moment_; }
  at::Tensor second_moment() const { return second_moment_; }
  std::int64_t steps() const { return steps_; }
  void set_steps(std::int64_t steps) { steps_ = steps; }

 private:
  OptimizerConfig config_;
  at::Tensor first_moment_, second_moment_;
  std::int64_t steps_ = 0;
};

}  // namespace parlando::train
