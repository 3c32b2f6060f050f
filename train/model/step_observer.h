#pragma once

#include <string_view>

namespace at {
class Tensor;
}

namespace parlando::train {

/// Is told what a training step does as it does it: --dry-run and --profile listen.
class StepObserver {
 public:
  virtual ~StepObserver() = default;
  /// A part of the network ("block 1", "lstm") has computed `output`.
  virtual void on_part(std::string_view name, const at::Tensor& output) = 0;
  /// Another phase of the step ("backward", "optimiser") has ended.
  virtual void on_phase(std::string_view name) = 0;
};

}  // namespace parlando::train
