#pragma once

#include "train/model/batch_statistics.h"
#include "train/model/forward_context.h"
#include "train/torch.h"

namespace parlando::train {

/// Batch normalisation over [batch, channels, ...] with Keras' semantics: the moving variance comes
/// from the biased batch variance, and `momentum` is the share of the old value that is kept. With
/// a group in the context the statistics are those of the global batch (sums in float64), so that
/// they do not depend on the number of ranks.
///
/// A layer whose weight takes no gradient is frozen: it uses its moving statistics and keeps them.
///
/// With a mask, statistics are those of the elements that it leaves, and the gradient of the others
/// is 0; what stands in the output for them has no meaning.
struct BatchNorm {
  at::Tensor weight, bias;                    ///< [channels], trained
  at::Tensor running_mean, running_variance;  ///< [channels], moving statistics for evaluation
  double momentum = 0.99;
  double epsilon = 1e-3;
  bool unbiased = false;  ///< the moving variance comes from the unbiased one, as PyTorch's

  /// `mask`: 1 and 0 with the dimensions of `input`, of which those of batch and time are its own
  /// and the others 1; undefined: all elements count.
  at::Tensor forward(const at::Tensor& input, const ForwardContext& context,
                     const at::Tensor& mask = {});

  /// Moves the moving statistics towards those of a batch.
  void move(const BatchStatistics& statistics);

 private:
  at::Tensor apply_moving(const at::Tensor& rows) const;
};

}  // namespace parlando::train
