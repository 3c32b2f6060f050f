#pragma once

#include "train/model/batch_norm.h"
#include "train/model/forward_context.h"
#include "train/torch.h"

namespace parlando::train {

/// What follows a convolution, in this order: ReLU, max pooling, batch norm, dropout; all but the
/// first as far as they are there.
struct FusedParts {
  int pool_height = 1, pool_width = 1;
  BatchNorm* norm = nullptr;  ///< null: none
  double dropout = 0;
  int dropout_layer = 0;
  bool narrow = false;  ///< the result is bfloat16, for a convolution that takes it
};

/// Whether fused_parts() can run these on the output of a convolution: a training step on the CPU
/// in float32 or bfloat16.
bool can_fuse(const at::Tensor& values, const FusedParts& parts, const ForwardContext& context);

/// The parts in one pass before the statistics of the batch and one behind them, in each direction.
/// `values` [batch, channels, height, width]; the result is channels-last, and float32 but for
/// `narrow`. Results do not depend on the number of threads. Between the passes bfloat16 stays
/// bfloat16: the largest of numbers is one of them.
at::Tensor fused_parts(const at::Tensor& values, const FusedParts& parts,
                       const ForwardContext& context);

/// A square convolution of one channel that takes no gradient (features), stride 1, `padding` zeros
/// around it.
struct FirstConvolution {
  at::Tensor weight;  ///< [channels, 1, kernel, kernel]
  at::Tensor bias;    ///< [channels]
  int padding = 0;
};

/// Whether fused_convolution() can run it.
bool can_fuse(const at::Tensor& image, const FirstConvolution& convolution, const FusedParts& parts,
              const ForwardContext& context);

/// The convolution and its parts, without its output ever being in memory as a whole. Products are
/// in float32 under autocast too. `image` [batch, 1, height, width].
at::Tensor fused_convolution(const at::Tensor& image, const FirstConvolution& convolution,
                             const FusedParts& parts, const ForwardContext& context);

}  // namespace parlando::train
