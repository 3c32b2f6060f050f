#pragma once

#include "train/model/forward_context.h"
#include "train/torch.h"

namespace parlando::train {

/// A 1-D convolution of stride 1, `padding` zeros before and behind.
struct Convolution1d {
  at::Tensor weight;  ///< [outputs, inputs, taps]
  at::Tensor bias;    ///< [outputs]
  std::int64_t padding = 0;
};

/// Whether fast_convolution() can run it: a training step on the CPU in float32, 3 to 5 taps.
/// Evaluation is left to libtorch's convolution, which rounds less.
bool can_run_fast(const at::Tensor& values, const Convolution1d& convolution,
                  const ForwardContext& context);

/// The convolution by minimal filtering (WinogradConvolution), and its gradients likewise. `values`
/// [batch, inputs, 1, frames]; the result is channels-last. Results do not depend on the number of
/// threads, and no sample's output on the others.
at::Tensor fast_convolution(const at::Tensor& values, const Convolution1d& convolution);

}  // namespace parlando::train
