#pragma once

#include <vector>

#include "train/model/forward_context.h"
#include "train/model/lstm_layer.h"
#include "train/model/parameter_set.h"
#include "train/network/model_config.h"

namespace parlando::train {

/// Stacked LSTM layers with Keras' dropout on inputs and recurrent states.
class Lstm {
 public:
  /// `first_dropout_layer`: number of its first dropout among those of the network.
  Lstm(const LstmConfig& config, const ParameterSet& parameters, int first_dropout_layer);

  /// Dropouts that it numbers.
  static int dropout_layers(const LstmConfig& config);

  /// [batch, time, features] -> [batch, time, directions * hidden]; unchanged for no layer.
  at::Tensor forward(at::Tensor steps, const Lengths& lengths, const ForwardContext& context) const;

 private:
  std::vector<LstmMasks> draw_masks(int layer, const at::Tensor& steps,
                                    const ForwardContext& context) const;

  LstmConfig config_;
  int first_dropout_layer_;
  std::vector<std::vector<LstmWeights>> layers_;
};

}  // namespace parlando::train
