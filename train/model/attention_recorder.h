#pragma once

#include "train/model/pooling.h"
#include "train/model/step_observer.h"
#include "train/torch.h"

namespace parlando::train {

/// Keeps the attention weights of the forward pass that it observes.
class AttentionRecorder : public StepObserver {
 public:
  void on_part(std::string_view name, const at::Tensor& output) override {
    if (name == kAttentionPart) weights_ = output;
  }
  void on_phase(std::string_view) override {}

  /// [batch, steps]; undefined for a network without attention.
  const at::Tensor& weights() const { return weights_; }

 private:
  at::Tensor weights_;
};

}  // namespace parlando::train
