#include "train/network/network_plan.h"

#include <functional>
#include <numeric>
#include <utility>

#include "common/core/error.h"

namespace parlando::train {
namespace {

constexpr std::int64_t kGates = 4;

class Planner {
 public:
  Planner(const ModelConfig& config, InputShape shape)
      : config_(config),
        shape_(shape),
        keras_(config.initialization == "keras"),
        two_dimensional_(config.conv_dimensions == 2) {}

  NetworkPlan run(std::int64_t classes) {
    const std::int64_t features = plan_convolutions();
    const std::int64_t pooled = plan_pooling(plan_lstm(features));
    plan_head(pooled, classes);
    return std::move(plan_);
  }

 private:
  void add(ParameterPlan parameter) { plan_.parameters.push_back(std::move(parameter)); }

  /// Kernel and bias of a convolution or dense layer.
  void add_kernel_and_bias(const std::string& name, std::vector<std::int64_t> shape, double fan_in,
                           double fan_out, double l2) {
    const std::int64_t outputs = shape.front();
    add({.name = name + ".weight",
         .shape = std::move(shape),
         .start = keras_ ? Start::glorot : Start::fan_in,
         .fan_in = fan_in,
         .fan_out = fan_out,
         .l2 = l2});
    add({.name = name + ".bias",
         .shape = {outputs},
         .start = keras_ ? Start::zero : Start::fan_in,
         .fan_in = fan_in});
  }

  std::int64_t plan_convolutions();
  void add_block(std::size_t index, std::int64_t channels_in);
  std::int64_t plan_lstm(std::int64_t inputs);
  void add_direction(const std::string& name, std::int64_t inputs);
  std::int64_t plan_pooling(std::int64_t features);
  void plan_head(std::int64_t inputs, std::int64_t classes);

  const ModelConfig& config_;
  InputShape shape_;
  bool keras_;
  bool two_dimensional_;
  NetworkPlan plan_;
};

/// Returns the features of a time step.
std::int64_t Planner::plan_convolutions() {
  std::int64_t steps = shape_.frames;
  std::int64_t bands = two_dimensional_ ? shape_.rows : 1;
  std::int64_t channels = two_dimensional_ ? 1 : shape_.rows;
  for (std::size_t i = 0; i < config_.conv.size(); ++i) {
    const ConvBlockConfig& block = config_.conv[i];
    add_block(i, channels);
    const std::int64_t lost = block.padding == "valid" ? block.kernel - 1 : 0;
    steps = (steps - lost) / block.pool;
    if (two_dimensional_) bands = (bands - lost) / block.pool;
    channels = block.filters;
    plan_.frames_per_step *= block.pool;
    if (steps < 1 || bands < 1) {
      fail(ErrorKind::usage,
           "model.conv.{} leaves nothing of {} frames x {} rows; use fewer or smaller pools and "
           "kernels, or more input.frames",
           i, shape_.frames, shape_.rows);
    }
  }
  plan_.steps = steps;
  for (std::size_t i = config_.conv.size(); i-- > 0;) {
    const ConvBlockConfig& block = config_.conv[i];
    plan_.least_frames =
        plan_.least_frames * block.pool + (block.padding == "valid" ? block.kernel - 1 : 0);
  }
  return bands * channels;
}

void Planner::add_block(std::size_t index, std::int64_t channels_in) {
  const ConvBlockConfig& block = config_.conv[index];
  std::vector<std::int64_t> shape{block.filters, channels_in, block.kernel};
  if (two_dimensional_) shape.push_back(block.kernel);
  const std::int64_t area =
      std::accumulate(shape.begin() + 2, shape.end(), std::int64_t{1}, std::multiplies<>());
  add_kernel_and_bias(conv_name(index), shape, static_cast<double>(area * channels_in),
                      static_cast<double>(area * block.filters), block.l2);
  if (block.norm == "none") return;
  const std::string name = norm_name(index);
  const std::vector<std::int64_t> channels{block.filters};
  add({.name = name + ".weight", .shape = channels, .start = Start::one});
  add({.name = name + ".bias", .shape = channels});
  if (block.norm != "batch") return;
  add({.name = name + ".running_mean", .shape = channels, .trained = false});
  add({.name = name + ".running_variance",
       .shape = channels,
       .start = Start::one,
       .trained = false});
}

std::int64_t Planner::plan_lstm(std::int64_t inputs) {
  const int directions = config_.lstm.bidirectional ? 2 : 1;
  for (int layer = 0; layer < config_.lstm.layers; ++layer) {
    for (int direction = 0; direction < directions; ++direction) {
      add_direction(lstm_name(layer, direction), inputs);
    }
    inputs = std::int64_t{directions} * config_.lstm.hidden;
  }
  return inputs;
}

void Planner::add_direction(const std::string& name, std::int64_t inputs) {
  const std::int64_t hidden = config_.lstm.hidden;
  const auto fan = static_cast<double>(hidden);  // PyTorch takes the hidden size for all of them
  // Keras draws kernels as [inputs, 4 hidden]; the fans are those of that shape.
  add({.name = name + ".input_weight",
       .shape = {kGates * hidden, inputs},
       .start = keras_ ? Start::glorot : Start::fan_in,
       .fan_in = keras_ ? static_cast<double>(inputs) : fan,
       .fan_out = static_cast<double>(kGates * hidden)});
  add({.name = name + ".recurrent_weight",
       .shape = {kGates * hidden, hidden},
       .start = keras_ ? Start::orthogonal : Start::fan_in,
       .fan_in = fan});
  add({.name = name + ".bias",
       .shape = {kGates * hidden},
       .start = keras_ ? Start::forget_gate : Start::fan_in,
       .fan_in = fan});
  if (config_.lstm.biases == 2) {
    add({.name = name + ".recurrent_bias",
         .shape = {kGates * hidden},
         .start = keras_ ? Start::zero : Start::fan_in,
         .fan_in = fan});
  }
}

std::int64_t Planner::plan_pooling(std::int64_t features) {
  if (config_.pooling.kind != "attention") return features;
  const std::int64_t heads = config_.pooling.heads;
  const bool per_step = config_.pooling.bias == "per-step";
  const auto fan = static_cast<double>(features);
  add({.name = "attention.weight",
       .shape = {features, heads},
       .start = keras_ ? Start::glorot : Start::fan_in,
       .fan_in = fan,
       .fan_out = static_cast<double>(heads)});
  add({.name = "attention.bias",
       .shape = per_step ? std::vector<std::int64_t>{plan_.steps, heads}
                         : std::vector<std::int64_t>{heads},
       .start = keras_ || per_step ? Start::zero : Start::fan_in,
       .fan_in = fan});
  return features * heads;
}

void Planner::plan_head(std::int64_t inputs, std::int64_t classes) {
  const auto add_dense = [&](const std::string& name, std::int64_t outputs, double l2) {
    add_kernel_and_bias(name, {outputs, inputs}, static_cast<double>(inputs),
                        static_cast<double>(outputs), l2);
    inputs = outputs;
  };
  for (std::size_t i = 0; i < config_.head.dense.size(); ++i) {
    add_dense(dense_name(i), config_.head.dense[i].units, config_.head.dense[i].l2);
  }
  add_dense("output", classes, 0);
}

std::string numbered(const char* part, std::size_t index) {
  return part + std::to_string(index + 1);
}

}  // namespace

std::int64_t ParameterPlan::elements() const {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

ParameterCount NetworkPlan::count() const {
  ParameterCount count;
  for (const ParameterPlan& parameter : parameters) {
    count.total += parameter.elements();
    if (parameter.trained) count.trainable += parameter.elements();
  }
  return count;
}

NetworkPlan plan_network(const ModelConfig& config, InputShape shape, std::int64_t classes) {
  return Planner(config, shape).run(classes);
}

std::string conv_name(std::size_t block) {
  return numbered("conv", block);
}
std::string norm_name(std::size_t block) {
  return numbered("norm", block);
}
std::string dense_name(std::size_t layer) {
  return numbered("dense", layer);
}

std::string lstm_name(int layer, int direction) {
  const std::string name = layer == 0 ? "lstm" : "lstm" + std::to_string(layer + 1);
  return name + (direction == 0 ? ".forward" : ".backward");
}

}  // namespace parlando::train
