#pragma once

#include <span>

#include "train/model/lengths.h"
#include "train/torch.h"

namespace parlando::train {

/// Weights of one direction. Gates in the order i f g o: input, forget, cell, output.
struct LstmWeights {
  at::Tensor input_weight;      ///< [4 hidden, inputs]
  at::Tensor recurrent_weight;  ///< [4 hidden, hidden]
  at::Tensor bias;              ///< [4 hidden]
  at::Tensor recurrent_bias;    ///< [4 hidden] added to `bias`, or undefined
};

/// Dropout of one direction in Keras' form: a factor (0 or 1 / (1 - p)) for each gate and each
/// element, the same at all time steps. Undefined: none.
struct LstmMasks {
  at::Tensor input;      ///< [batch, 4, inputs]
  at::Tensor recurrent;  ///< [batch, 4, hidden]
};

/// One LSTM layer: the first direction reads forwards, the second, if there is one, backwards from
/// each sample's last valid step. `steps` [batch, time, inputs] -> [batch, time, directions *
/// hidden]; steps behind a sample's end give 0 and take no gradient. The state starts at 0.
/// `masks` has an entry for each direction. With `fast_kernels` by lstm_fused() where it can.
at::Tensor lstm_layer(const at::Tensor& steps, std::span<const LstmWeights> directions,
                      std::span<const LstmMasks> masks, const Lengths& lengths, bool fast_kernels);

}  // namespace parlando::train
