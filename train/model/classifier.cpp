#include "train/model/classifier.h"

#include "common/core/error.h"
#include "train/model/dropout.h"
#include "train/model/initializers.h"
#include "train/model/relu_max_pool.h"

namespace parlando::train {
namespace {

constexpr std::int64_t kGates = 4;  // i f g o, torch's order, which is Keras' i f c o

/// [batch, frames, rows] -> [batch, 1, frames, rows] with channels-last strides. With one channel
/// the two layouts hold the same bytes, but convolution chooses its kernels by the strides.
at::Tensor as_channels_last(const at::Tensor& features) {
  at::Tensor image = at::empty({features.size(0), 1, features.size(1), features.size(2)},
                               features.options().memory_format(at::MemoryFormat::ChannelsLast));
  image.copy_(features.unsqueeze(1));
  return image;
}

}  // namespace

Classifier::Classifier(const ModelConfig& config, InputShape shape, std::int64_t classes,
                       std::uint64_t seed)
    : config_(config), shape_(shape) {
  std::int64_t steps = shape.frames;
  std::int64_t bands = shape.rows;
  std::int64_t channels = 1;
  for (std::size_t i = 0; i < config.conv.size(); ++i) {
    add_convolution(config.conv[i], channels, i, seed);
    steps /= config.conv[i].pool;
    bands /= config.conv[i].pool;
    channels = config.conv[i].filters;
  }
  if (steps < 1 || bands < 1) {
    fail(ErrorKind::usage,
         "model.conv pools {} frames x {} rows to nothing; use fewer or smaller pools",
         shape.frames, shape.rows);
  }
  const std::int64_t hidden = config.lstm_hidden;
  add_lstm_direction("lstm.forward", bands * channels, seed);
  add_lstm_direction("lstm.backward", bands * channels, seed);
  attention_weight_ =
      glorot_uniform({2 * hidden, 1}, static_cast<double>(2 * hidden), 1, seed, "attention.weight");
  attention_bias_ = at::zeros({steps, 1});
  output_weight_ = glorot_uniform({classes, 2 * hidden}, static_cast<double>(2 * hidden),
                                  static_cast<double>(classes), seed, "output.weight");
  output_bias_ = at::zeros({classes});
  register_parameters();
}

void Classifier::add_convolution(const ConvBlockConfig& block, std::int64_t channels_in,
                                 std::size_t index, std::uint64_t seed) {
  const std::int64_t area = std::int64_t{block.kernel} * block.kernel;
  const std::int64_t filters = block.filters;
  ConvBlock created{.config = block, .weight = {}, .bias = at::zeros({filters}), .norm = {}};
  created.weight = glorot_uniform(
      {filters, channels_in, block.kernel, block.kernel}, static_cast<double>(area * channels_in),
      static_cast<double>(area * filters), seed, "conv" + std::to_string(index + 1) + ".weight");
  created.norm = {.weight = at::ones({filters}),
                  .bias = at::zeros({filters}),
                  .running_mean = at::zeros({filters}),
                  .running_variance = at::ones({filters}),
                  .momentum = config_.batch_norm_momentum,
                  .epsilon = config_.batch_norm_epsilon};
  blocks_.push_back(std::move(created));
}

void Classifier::add_lstm_direction(const std::string& name, std::int64_t inputs,
                                    std::uint64_t seed) {
  const std::int64_t hidden = config_.lstm_hidden;
  LstmDirection direction;
  // Keras draws kernels as [inputs, 4 hidden]; the fans are those of that shape.
  direction.input_weight =
      glorot_uniform({kGates * hidden, inputs}, static_cast<double>(inputs),
                     static_cast<double>(kGates * hidden), seed, name + ".input_weight");
  direction.recurrent_weight =
      orthogonal(hidden, kGates * hidden, seed, name + ".recurrent_weight").t().contiguous();
  direction.bias = at::zeros({kGates * hidden});
  direction.bias.narrow(0, hidden, hidden).fill_(1);
  direction.zero_bias = at::zeros({kGates * hidden});
  lstm_.push_back(std::move(direction));
}

void Classifier::register_parameters() {
  const auto add = [this](const std::string& name, at::Tensor& tensor) {
    tensor.set_requires_grad(true);
    parameters_.push_back({name, tensor});
  };
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    const std::string prefix = std::to_string(i + 1);
    add("conv" + prefix + ".weight", blocks_[i].weight);
    add("conv" + prefix + ".bias", blocks_[i].bias);
    add("norm" + prefix + ".weight", blocks_[i].norm.weight);
    add("norm" + prefix + ".bias", blocks_[i].norm.bias);
    buffers_.push_back({"norm" + prefix + ".running_mean", blocks_[i].norm.running_mean});
    buffers_.push_back({"norm" + prefix + ".running_variance", blocks_[i].norm.running_variance});
  }
  for (std::size_t i = 0; i < lstm_.size(); ++i) {
    const std::string prefix = i == 0 ? "lstm.forward." : "lstm.backward.";
    add(prefix + "input_weight", lstm_[i].input_weight);
    add(prefix + "recurrent_weight", lstm_[i].recurrent_weight);
    add(prefix + "bias", lstm_[i].bias);
  }
  add("attention.weight", attention_weight_);
  add("attention.bias", attention_bias_);
  add("output.weight", output_weight_);
  add("output.bias", output_bias_);
}

void Classifier::to(at::ScalarType type, at::Device device) {
  for (std::vector<NamedTensor>* group : {&parameters_, &buffers_}) {
    for (NamedTensor& entry : *group) entry.tensor.set_data(entry.tensor.detach().to(device, type));
  }
  for (LstmDirection& direction : lstm_) direction.zero_bias = direction.zero_bias.to(device, type);
}

at::Tensor Classifier::encode(const at::Tensor& features, const ForwardContext& context) {
  at::Tensor image = as_channels_last(features);
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    ConvBlock& block = blocks_[i];
    image = at::conv2d(image, block.weight, block.bias, 1, block.config.kernel / 2);
    image = relu_max_pool(image, block.config.pool);
    image = block.norm.forward(image, context);
    image = dropout(image, block.config.dropout, static_cast<int>(i), context);
    context.computed("block " + std::to_string(i + 1), image);
  }
  // Channels-last memory is [batch, steps, bands, channels] already.
  return image.permute({0, 2, 3, 1}).flatten(2);
}

at::Tensor Classifier::run_lstm(const at::Tensor& steps) const {
  std::vector<at::Tensor> weights;
  for (const LstmDirection& direction : lstm_) {
    for (const at::Tensor& tensor : {direction.input_weight, direction.recurrent_weight,
                                     direction.bias, direction.zero_bias}) {
      weights.push_back(tensor);
    }
  }
  const at::Tensor zero = at::zeros({2, steps.size(0), config_.lstm_hidden}, steps.options());
  return std::get<0>(at::lstm(steps, {zero, zero}, weights, /*has_biases=*/true, /*num_layers=*/1,
                              /*dropout=*/0.0, /*train=*/at::GradMode::is_enabled(),
                              /*bidirectional=*/true,
                              /*batch_first=*/true));
}

at::Tensor Classifier::forward(const at::Tensor& features, const ForwardContext& context) {
  const at::Tensor hidden = run_lstm(encode(features, context));
  context.computed("lstm", hidden);
  const at::Tensor scores = at::tanh(at::matmul(hidden, attention_weight_) + attention_bias_);
  const at::Tensor weights = at::softmax(scores, 1);
  attention_ = weights.detach().squeeze(-1);
  const at::Tensor pooled = (hidden * weights).sum(1);
  context.computed("attention", pooled);
  const int head_layer = static_cast<int>(blocks_.size());
  at::Tensor logits = at::linear(dropout(pooled, config_.head_dropout, head_layer, context),
                                 output_weight_, output_bias_);
  context.computed("output", logits);
  return logits;
}

ParameterCount Classifier::count() const {
  ParameterCount count;
  for (const NamedTensor& entry : parameters_) count.trainable += entry.tensor.numel();
  count.total = count.trainable;
  for (const NamedTensor& entry : buffers_) count.total += entry.tensor.numel();
  return count;
}

}  // namespace parlando::train
