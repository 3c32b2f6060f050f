#include "train/model/classifier.h"

#include <algorithm>

#include "common/core/error.h"
#include "train/model/initializers.h"

namespace parlando::train {
namespace {

/// [batch, frames, rows] -> [batch, 1, frames, rows] or [batch, rows, 1, frames], channels-last.
/// The bytes stay as they are, but convolution chooses its kernels by the strides.
at::Tensor to_image(const at::Tensor& features, bool two_dimensional) {
  const at::Tensor view =
      two_dimensional ? features.unsqueeze(1) : features.transpose(1, 2).unsqueeze(2);
  at::Tensor image =
      at::empty(view.sizes(), features.options().memory_format(at::MemoryFormat::ChannelsLast));
  image.copy_(view);
  return image;
}

/// Back to [batch, steps, features]: channels-last memory is in that order already.
at::Tensor to_steps(const at::Tensor& image, bool two_dimensional) {
  const at::Tensor rows = image.permute({0, 2, 3, 1});
  return two_dimensional ? rows.flatten(2) : rows.squeeze(1);
}

/// Dropouts are numbered in the order of the forward pass: blocks, LSTM, head.
int lstm_dropout(const ModelConfig& config) {
  return static_cast<int>(config.conv.size());
}

int head_dropout(const ModelConfig& config) {
  return lstm_dropout(config) + Lstm::dropout_layers(config.lstm);
}

}  // namespace

Classifier::Classifier(const ModelConfig& config, InputShape shape, std::int64_t classes,
                       std::uint64_t seed)
    : Classifier(config, shape, classes,
                 [seed](const ParameterPlan& parameter) { return start_of(parameter, seed); }) {}

Classifier::Classifier(const ModelConfig& config, InputShape shape, std::int64_t classes,
                       const TensorSource& source)
    : config_(config),
      plan_(plan_network(config, shape, classes)),
      parameters_(plan_, source),
      lstm_(config.lstm, parameters_, lstm_dropout(config)),
      pooling_(config, parameters_),
      head_(config.head, parameters_, head_dropout(config)) {
  for (std::size_t i = 0; i < config.conv.size(); ++i) {
    blocks_.emplace_back(config, i, parameters_, static_cast<int>(i));
  }
}

Lengths Classifier::lengths_of(const at::Tensor& features, const ForwardContext& context) const {
  if (!config_.mask || context.lengths.empty()) return {};
  if (static_cast<std::int64_t>(context.lengths.size()) != features.size(0)) {
    fail(ErrorKind::internal, "{} samples but {} lengths", features.size(0),
         context.lengths.size());
  }
  Lengths lengths(context.lengths.begin(), context.lengths.end());
  // A clip that is too short counts with the zeros behind it.
  for (std::int64_t& length : lengths) length = std::max(length, plan_.least_frames);
  return lengths;
}

at::Tensor Classifier::forward(const at::Tensor& features, const ForwardContext& context) {
  Image image{.values = features, .lengths = lengths_of(features, context)};
  const std::int64_t missing = plan_.least_frames - features.size(1);
  if (missing > 0) image.values = at::constant_pad_nd(features, {0, 0, 0, missing});
  if (!blocks_.empty()) {
    const bool two_dimensional = config_.conv_dimensions == 2;
    image.values = to_image(image.values, two_dimensional);
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      image = blocks_[i].forward(std::move(image), context);
      context.computed("block " + std::to_string(i + 1), image.values);
    }
    image.values = to_steps(image.values, two_dimensional);
  }
  const at::Tensor hidden = lstm_.forward(image.values, image.lengths, context);
  context.computed("lstm", hidden);
  const at::Tensor pooled = pooling_.forward(hidden, image.lengths, context);
  context.computed("pooling", pooled);
  at::Tensor logits = head_.forward(pooled, context);
  context.computed("output", logits);
  return logits;
}

ParameterCount Classifier::count() const {
  ParameterCount count;
  for (const NamedTensor& entry : parameters()) count.trainable += entry.tensor.numel();
  count.total = count.trainable;
  for (const NamedTensor& entry : buffers()) count.total += entry.tensor.numel();
  return count;
}

}  // namespace parlando::train
