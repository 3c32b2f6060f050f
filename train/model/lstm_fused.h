#pragma once

#include "train/model/lstm_layer.h"

namespace parlando::train {

/// Whether lstm_fused() can run these: float32 on the CPU.
bool can_fuse_lstm(const at::Tensor& steps, std::span<const LstmWeights> directions);

/// lstm_layer() by kernels of our own: one product for all steps' inputs, then the steps with fused
/// gates, dropout and padding included. Results do not depend on the number of threads.
at::Tensor lstm_fused(const at::Tensor& steps, std::span<const LstmWeights> directions,
                      std::span<const LstmMasks> masks, const Lengths& lengths);

}  // namespace parlando::train
