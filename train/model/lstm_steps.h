#pragma once

#include "train/model/lstm_layer.h"

namespace parlando::train {

/// One direction of an LSTM layer, step by step with libtorch's operations: any device and type,
/// with dropout, and slow. `steps` [batch, time, inputs] -> [batch, time, hidden], read backwards
/// from the last step if `backwards`.
at::Tensor lstm_steps(const at::Tensor& steps, const LstmWeights& weights, const LstmMasks& masks,
                      bool backwards);

}  // namespace parlando::train
