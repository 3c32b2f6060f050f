#include "train/model/head.h"

#include "train/model/activation.h"
#include "train/model/dropout.h"

namespace parlando::train {

Head::Head(const HeadConfig& config, const ParameterSet& parameters, int first_dropout_layer)
    : config_(config), first_dropout_layer_(first_dropout_layer) {
  const auto dense = [&](const std::string& name) {
    return Dense{parameters.at(name + ".weight"), parameters.at(name + ".bias")};
  };
  for (std::size_t i = 0; i < config.dense.size(); ++i) dense_.push_back(dense(dense_name(i)));
  output_ = dense("output");
}

at::Tensor Head::forward(const at::Tensor& pooled, const ForwardContext& context) const {
  at::Tensor hidden = dropout(pooled, config_.dropout, first_dropout_layer_, context);
  for (std::size_t i = 0; i < dense_.size(); ++i) {
    hidden =
        activate(at::linear(hidden, dense_[i].weight, dense_[i].bias), config_.dense[i].activation);
    hidden = dropout(hidden, config_.dense[i].dropout,
                     first_dropout_layer_ + 1 + static_cast<int>(i), context);
  }
  return at::linear(hidden, output_.weight, output_.bias);
}

}  // namespace parlando::train
