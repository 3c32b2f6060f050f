#pragma once

#include "train/model/lengths.h"
#include "train/model/parameter_set.h"
#include "train/network/model_config.h"

namespace parlando::train {

/// From a sequence to one vector, padding left out.
///
/// Attention: e_t = tanh(h_t W + b) for each head, with one b for each time step or one for all,
/// a = softmax(e) over the valid steps, and the sums of a_t h_t side by side.
class Pooling {
 public:
  Pooling(const ModelConfig& config, const ParameterSet& parameters);

  /// [batch, time, features] -> [batch, heads * features] for attention, else [batch, features].
  /// The last value of a backward direction is that of the first step.
  at::Tensor forward(const at::Tensor& steps, const Lengths& lengths);

  /// Attention weights of the last pass, mean over heads: [batch, time], detached. Undefined for
  /// other kinds.
  const at::Tensor& attention() const { return attention_; }

 private:
  at::Tensor attend(const at::Tensor& steps, const Lengths& lengths);
  at::Tensor last(const at::Tensor& steps, const Lengths& lengths) const;

  PoolingConfig config_;
  bool backward_half_;  ///< the second half of the features reads backwards
  at::Tensor weight_, bias_, attention_;
};

}  // namespace parlando::train
