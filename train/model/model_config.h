#pragma once

#include <string>
#include <vector>

namespace parlando::train {

/// One convolution block: convolution ('same') - ReLU - max pooling - batch norm - dropout.
struct ConvBlockConfig {
  int filters = 32;
  int kernel = 3;
  int pool = 2;
  double dropout = 0.3;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("filters", filters, {.help = "output channels", .min = 1, .max = 4096});
    v.field("kernel", kernel, {.help = "kernel height and width, odd", .min = 1, .max = 31});
    v.field("pool", pool,
            {.help = "max pooling over time and rows; 1 = none", .min = 1, .max = 16});
    v.field("dropout", dropout, {.help = "share of activations dropped", .min = 0, .max = 0.95});
  }
};

/// The Conv2d-BiLSTM-attention classifier.
struct ModelConfig {
  std::vector<ConvBlockConfig> conv{{.filters = 32}, {.filters = 64}, {.filters = 128}};
  int lstm_hidden = 32;
  double head_dropout = 0.4;
  double batch_norm_momentum = 0.99;
  double batch_norm_epsilon = 1e-3;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("conv", conv, {.help = "2-D convolution blocks"});
    v.field("lstm_hidden", lstm_hidden,
            {.help = "units of the BiLSTM in each direction", .min = 1, .max = 4096});
    v.field("head_dropout", head_dropout,
            {.help = "dropout before the output layer", .min = 0, .max = 0.95});
    v.field("batch_norm_momentum", batch_norm_momentum,
            {.help = "share of the old moving statistics kept (Keras)", .min = 0, .max = 1});
    v.field("batch_norm_epsilon", batch_norm_epsilon, {.help = "added to the variance", .min = 0});
  }
  void validate() const;
};

}  // namespace parlando::train
