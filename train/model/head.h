#pragma once

#include <vector>

#include "train/model/forward_context.h"
#include "train/model/parameter_set.h"
#include "train/network/model_config.h"

namespace parlando::train {

/// Dropout, dense layers and the output layer.
class Head {
 public:
  /// `first_dropout_layer`: number of its first dropout among those of the network.
  Head(const HeadConfig& config, const ParameterSet& parameters, int first_dropout_layer);

  /// [batch, features] -> logits [batch, classes].
  at::Tensor forward(const at::Tensor& pooled, const ForwardContext& context) const;

 private:
  struct Dense {
    at::Tensor weight, bias;
  };

  HeadConfig config_;
  int first_dropout_layer_;
  std::vector<Dense> dense_;
  Dense output_;
};

}  // namespace parlando::train
