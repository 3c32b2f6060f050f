#pragma once

#include <string>
#include <vector>

namespace parlando::train {

/// One convolution block: a convolution, then activation, pooling, normalisation and dropout in the
/// order given; what is "none", 1 or 0 of them is left out. A 2-D block works on [frames, rows]
/// with square kernels and windows, a 1-D block on frames with the rows as channels.
struct ConvBlockConfig {
  int filters = 32;
  int kernel = 3;
  std::string padding = "same";
  std::string activation = "relu";
  int pool = 2;
  std::string pool_kind = "max";
  std::string norm = "batch";
  double dropout = 0.3;
  double l2 = 0;
  std::vector<std::string> order{"activation", "pool", "norm", "dropout"};

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("filters", filters, {.help = "output channels", .min = 1, .max = 4096});
    v.field("kernel", kernel, {.help = "kernel size; odd for 'same'", .min = 1, .max = 31});
    v.field("padding", padding,
            {.help = "zeros around the input, or none", .choices = {"same", "valid"}});
    v.field("activation", activation,
            {.help = "after the convolution", .choices = {"relu", "elu", "gelu", "tanh", "none"}});
    v.field("pool", pool, {.help = "window and stride; 1 = none", .min = 1, .max = 16});
    v.field("pool_kind", pool_kind,
            {.help = "largest or mean value of a window", .choices = {"max", "mean"}});
    v.field("norm", norm,
            {.help = "over the batch, or over the channels of each element",
             .choices = {"batch", "layer", "none"}});
    v.field("dropout", dropout, {.help = "share of activations dropped", .min = 0, .max = 0.95});
    v.field("l2", l2, {.help = "adds l2 * sum(kernel^2) to the loss", .min = 0});
    v.field("order", order,
            {.help = "of the parts behind the convolution, each once",
             .choices = {"activation", "pool", "norm", "dropout"}});
  }
  void validate() const;
};

/// Normalisation layers. PyTorch's semantics: momentum 0.9 (written 0.1 there), epsilon 1e-5,
/// unbiased.
struct NormConfig {
  double momentum = 0.99;
  double epsilon = 1e-3;
  std::string moving_variance = "biased";

  template <class Visitor>
  void visit(Visitor& v) {
    v.field(
        "momentum", momentum,
        {.help = "share of the old moving statistics kept (Keras' meaning)", .min = 0, .max = 1});
    v.field("epsilon", epsilon, {.help = "added to the variance", .min = 0});
    v.field("moving_variance", moving_variance,
            {.help = "batch variance that moves it: / n (Keras) or / (n - 1) (PyTorch)",
             .choices = {"biased", "unbiased"}});
  }
};

/// LSTM over time, in one or both directions.
struct LstmConfig {
  int layers = 1;
  int hidden = 32;
  bool bidirectional = true;
  double dropout = 0;
  double recurrent_dropout = 0;
  int biases = 1;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("layers", layers, {.help = "stacked layers; 0 = no LSTM", .min = 0, .max = 8});
    v.field("hidden", hidden, {.help = "units of each direction", .min = 1, .max = 4096});
    v.field("bidirectional", bidirectional, {.help = "read forwards and backwards"});
    v.field("dropout", dropout,
            {.help = "on each layer's input: a mask for each gate, the same at all steps (Keras)",
             .min = 0,
             .max = 0.95});
    v.field("recurrent_dropout", recurrent_dropout,
            {.help = "the same on the recurrent state", .min = 0, .max = 0.95});
    v.field("biases", biases,
            {.help = "bias vectors of a direction: 1 (Keras) or 2 (PyTorch)", .min = 1, .max = 2});
  }
};

/// From a sequence to one vector.
struct PoolingConfig {
  std::string kind = "attention";
  std::string bias = "per-step";
  int heads = 1;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("kind", kind,
            {.help = "additive attention, or mean, largest or last value over time",
             .choices = {"attention", "mean", "max", "last"}});
    v.field("bias", bias,
            {.help = "of attention: one for each time step, or one for all",
             .choices = {"per-step", "shared"}});
    v.field("heads", heads,
            {.help = "attention distributions, their sums side by side", .min = 1, .max = 64});
  }
};

/// A dense layer before the output layer.
struct DenseConfig {
  int units = 64;
  std::string activation = "relu";
  double dropout = 0;
  double l2 = 0;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("units", units, {.help = "outputs", .min = 1, .max = 65536});
    v.field("activation", activation,
            {.help = "after the product", .choices = {"relu", "elu", "gelu", "tanh", "none"}});
    v.field("dropout", dropout, {.help = "after the activation", .min = 0, .max = 0.95});
    v.field("l2", l2, {.help = "adds l2 * sum(kernel^2) to the loss", .min = 0});
  }
};

/// From the pooled vector to the classes.
struct HeadConfig {
  double dropout = 0.4;
  std::vector<DenseConfig> dense{};

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("dropout", dropout, {.help = "on the pooled vector", .min = 0, .max = 0.95});
    v.field("dense", dense, {.help = "layers before the output layer"});
  }
};

/// A classifier of feature sequences: convolution blocks - LSTM - pooling over time - dense layers.
/// The defaults are the network of mel128.
struct ModelConfig {
  bool mask = false;
  std::string initialization = "keras";
  int conv_dimensions = 2;
  std::vector<ConvBlockConfig> conv{{.filters = 32}, {.filters = 64}, {.filters = 128}};
  NormConfig norm;
  LstmConfig lstm;
  PoolingConfig pooling;
  HeadConfig head;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("mask", mask, {.help = "frames behind a clip's end have no effect"});
    v.field("initialization", initialization,
            {.help = "start of the weights: Glorot and orthogonal, or uniform by fan-in",
             .choices = {"keras", "pytorch"}});
    v.field(
        "conv_dimensions", conv_dimensions,
        {.help = "1: over frames, rows are channels; 2: over frames and rows", .min = 1, .max = 2});
    v.field("conv", conv, {.help = "convolution blocks"});
    v.field("norm", norm, {.help = "normalisation layers"});
    v.field("lstm", lstm, {.help = "LSTM over time"});
    v.field("pooling", pooling, {.help = "from a sequence to one vector"});
    v.field("head", head, {.help = "from the vector to the classes"});
  }
};

}  // namespace parlando::train
