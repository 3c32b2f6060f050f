#pragma once

#include <cstdint>
#include <vector>

#include "train/model/classifier.h"
#include "train/optim/optimizer_config.h"
#include "train/torch.h"

namespace parlando::train {

/// Adam, AdamW or SGD over one flat vector, bounds on the gradients included: one pass over the
/// memory on the CPU.
///
/// Adam, with t counted from 1:
///   keras  p -= lr * sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + epsilon)
///   torch  p -= lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
/// Kingma & Ba, "Adam", 2015, end of section 2 and algorithm 1.
class Optimizer {
 public:
  /// `values` [n] float32 or float64: the parameters that step() will change.
  Optimizer(const OptimizerConfig& config, const at::Tensor& values);

  /// Norm of all gradients, each bounded by clip_value first; no number or infinite if a gradient
  /// is. The same for any number of threads.
  double gradient_norm(const at::Tensor& gradients) const;

  /// One update; `norm` is what gradient_norm() said.
  void step(const at::Tensor& values, const at::Tensor& gradients, double norm,
            double learning_rate);

  /// State for checkpoints: vectors of the parameters' length, and the number of updates.
  const std::vector<NamedTensor>& slots() const { return slots_; }
  std::int64_t steps() const { return steps_; }
  void set_steps(std::int64_t steps) { steps_ = steps; }

 private:
  OptimizerConfig config_;
  std::vector<NamedTensor> slots_;
  std::int64_t steps_ = 0;
};

}  // namespace parlando::train
