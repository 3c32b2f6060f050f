#pragma once

#include "train/model/forward_context.h"
#include "train/torch.h"

namespace parlando::train {

/// Batch normalisation over [batch, channels, ...] with Keras' semantics: the moving variance comes
/// from the biased batch variance, and `momentum` is the share of the old value that is kept. With
/// a group in the context the statistics are those of the global batch (sums in float64), so that
/// they do not depend on the number of ranks.
struct BatchNorm {
  at::Tensor weight, bias;                    ///< [channels], trained
  at::Tensor running_mean, running_variance;  ///< [channels], moving statistics for evaluation
  double momentum = 0.99;
  double epsilon = 1e-3;

  at::Tensor forward(const at::Tensor& input, const ForwardContext& context);
};

}  // namespace parlando::train
