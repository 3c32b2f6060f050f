#include "train/model/lstm.h"

#include <utility>

#include "train/model/dropout.h"

namespace parlando::train {
namespace {

constexpr int kDropoutsOfDirection = 2;  // input and recurrent state

int directions_of(const LstmConfig& config) {
  return config.bidirectional ? 2 : 1;
}

/// [batch, 4, elements] factors for the four gates.
at::Tensor gate_masks(double probability, std::int64_t elements, int dropout_layer,
                      const at::Tensor& like, const ForwardContext& context) {
  if (!context.training || probability <= 0) return {};
  return dropout(at::ones({like.size(0), 4, elements}, like.options()), probability, dropout_layer,
                 context);
}

}  // namespace

Lstm::Lstm(const LstmConfig& config, const ParameterSet& parameters, int first_dropout_layer)
    : config_(config), first_dropout_layer_(first_dropout_layer) {
  for (int layer = 0; layer < config.layers; ++layer) {
    std::vector<LstmWeights>& directions = layers_.emplace_back();
    for (int direction = 0; direction < directions_of(config); ++direction) {
      const std::string name = lstm_name(layer, direction);
      directions.push_back({.input_weight = parameters.at(name + ".input_weight"),
                            .recurrent_weight = parameters.at(name + ".recurrent_weight"),
                            .bias = parameters.at(name + ".bias"),
                            .recurrent_bias = config.biases == 2
                                                  ? parameters.at(name + ".recurrent_bias")
                                                  : at::Tensor()});
    }
  }
}

int Lstm::dropout_layers(const LstmConfig& config) {
  if (config.dropout <= 0 && config.recurrent_dropout <= 0) return 0;
  return config.layers * directions_of(config) * kDropoutsOfDirection;
}

std::vector<LstmMasks> Lstm::draw_masks(int layer, const at::Tensor& steps,
                                        const ForwardContext& context) const {
  std::vector<LstmMasks> masks;
  for (int direction = 0; direction < directions_of(config_); ++direction) {
    const int number =
        first_dropout_layer_ + (layer * directions_of(config_) + direction) * kDropoutsOfDirection;
    masks.push_back({.input = gate_masks(config_.dropout, steps.size(2), number, steps, context),
                     .recurrent = gate_masks(config_.recurrent_dropout, config_.hidden, number + 1,
                                             steps, context)});
  }
  return masks;
}

at::Tensor Lstm::forward(at::Tensor steps, const Lengths& lengths,
                         const ForwardContext& context) const {
  for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
    const std::vector<LstmMasks> masks = draw_masks(static_cast<int>(layer), steps, context);
    steps = lstm_layer(steps, layers_[layer], masks, lengths, context.fast_kernels);
  }
  return steps;
}

}  // namespace parlando::train
