#pragma once

#include <string_view>

#include "train/model/forward_context.h"
#include "train/model/lengths.h"
#include "train/model/parameter_set.h"
#include "train/network/model_config.h"

namespace parlando::train {

/// What an observer is told of attention: its weights over time, mean over heads, [batch, time],
/// detached; those of padding are 0.
inline constexpr std::string_view kAttentionPart = "attention";

/// From a sequence to one vector, padding left out.
///
/// Attention: e_t = tanh(h_t W + b) for each head, with one b for each time step or one for all,
/// a = softmax(e) over the valid steps, and the sums of a_t h_t side by side.
class Pooling {
 public:
  Pooling(const ModelConfig& config, const ParameterSet& parameters);

  /// [batch, time, features] -> [batch, heads * features] for attention, else [batch, features].
  /// The last value of a backward direction is that of the first step. Attention tells the
  /// context's observer its weights as the part kAttentionPart.
  at::Tensor forward(const at::Tensor& steps, const Lengths& lengths,
                     const ForwardContext& context) const;

 private:
  at::Tensor attend(const at::Tensor& steps, const Lengths& lengths,
                    const ForwardContext& context) const;
  at::Tensor last(const at::Tensor& steps, const Lengths& lengths) const;

  PoolingConfig config_;
  bool backward_half_;  ///< the second half of the features reads backwards
  at::Tensor weight_, bias_;
};

}  // namespace parlando::train
