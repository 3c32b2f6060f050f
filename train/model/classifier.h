#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "train/model/batch_norm.h"
#include "train/model/forward_context.h"
#include "train/model/model_config.h"
#include "train/torch.h"

namespace parlando::train {

struct NamedTensor {
  std::string name;
  at::Tensor tensor;
};

/// Frames and rows of the features that a network is built for.
struct InputShape {
  std::int64_t frames = 0;
  std::int64_t rows = 0;
};

struct ParameterCount {
  std::int64_t trainable = 0;
  std::int64_t total = 0;  ///< as Keras counts: the moving statistics of batch norm included
};

/// Conv2d blocks - BiLSTM - additive attention over time - output layer.
///
/// Attention: e_t = tanh(h_t W + b_t) with one b for each time step, a = softmax(e) over time, and
/// the weighted sum of h. The LSTM has Keras' single bias vector and forget bias 1.
class Classifier {
 public:
  /// Throws Error(usage) if the input is too small for the pooling.
  Classifier(const ModelConfig& config, InputShape shape, std::int64_t classes, std::uint64_t seed);

  /// `features` [batch, frames, rows] -> logits [batch, classes].
  at::Tensor forward(const at::Tensor& features, const ForwardContext& context);

  /// Attention weights over time of the last forward pass, [batch, steps], detached.
  const at::Tensor& attention() const { return attention_; }

  /// Trained tensors, in the order of the forward pass. The tensors are shared with the model.
  std::vector<NamedTensor>& parameters() { return parameters_; }
  /// Moving statistics of batch norm.
  std::vector<NamedTensor>& buffers() { return buffers_; }
  const std::vector<NamedTensor>& parameters() const { return parameters_; }
  const std::vector<NamedTensor>& buffers() const { return buffers_; }

  /// Moves to another precision or device; parameters must not be flattened yet.
  void to(at::ScalarType type, at::Device device);

  ParameterCount count() const;

 private:
  struct ConvBlock {
    ConvBlockConfig config;
    at::Tensor weight, bias;
    BatchNorm norm;
  };
  struct LstmDirection {
    at::Tensor input_weight, recurrent_weight, bias, zero_bias;
  };

  at::Tensor encode(const at::Tensor& features, const ForwardContext& context);
  at::Tensor run_lstm(const at::Tensor& steps) const;
  void add_convolution(const ConvBlockConfig& block, std::int64_t channels_in, std::size_t index,
                       std::uint64_t seed);
  void add_lstm_direction(const std::string& name, std::int64_t inputs, std::uint64_t seed);
  void register_parameters();

  ModelConfig config_;
  InputShape shape_;
  std::vector<ConvBlock> blocks_;
  std::vector<LstmDirection> lstm_;
  at::Tensor attention_weight_, attention_bias_, output_weight_, output_bias_;
  at::Tensor attention_;
  std::vector<NamedTensor> parameters_, buffers_;
};

}  // namespace parlando::train
