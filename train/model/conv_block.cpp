#include "train/model/conv_block.h"

#include <ATen/autocast_mode.h>

#include "train/model/activation.h"
#include "train/model/dropout.h"
#include "train/model/fast_convolution.h"
#include "train/model/relu_max_pool.h"
#include "train/network/network_plan.h"

namespace parlando::train {

ConvBlock::ConvBlock(const ModelConfig& config, std::size_t index, const ParameterSet& parameters,
                     int dropout_layer)
    : config_(config.conv[index]),
      two_dimensional_(config.conv_dimensions == 2),
      before_convolution_(index + 1 < config.conv.size()),
      dropout_layer_(dropout_layer),
      weight_(parameters.at(conv_name(index) + ".weight")),
      bias_(parameters.at(conv_name(index) + ".bias")) {
  if (config_.norm == "none") return;
  const std::string name = norm_name(index);
  norm_.weight = parameters.at(name + ".weight");
  norm_.bias = parameters.at(name + ".bias");
  norm_.momentum = config.norm.momentum;
  norm_.epsilon = config.norm.epsilon;
  norm_.unbiased = config.norm.moving_variance == "unbiased";
  if (config_.norm != "batch") return;
  norm_.running_mean = parameters.at(name + ".running_mean");
  norm_.running_variance = parameters.at(name + ".running_variance");
}

at::Tensor ConvBlock::convolve(const at::Tensor& values, const ForwardContext& context) const {
  if (!two_dimensional_) {
    const Convolution1d convolution{.weight = weight_, .bias = bias_, .padding = padding()};
    if (can_run_fast(values, convolution, context)) return fast_convolution(values, convolution);
  }
  const at::Tensor result = two_dimensional_ ? at::conv2d(values, weight_, bias_, 1, padding())
                                             : at::conv2d(values, weight_.unsqueeze(2), bias_, 1,
                                                          at::IntArrayRef({0, padding()}));
  return result.contiguous(at::MemoryFormat::ChannelsLast);  // float64 convolution drops the layout
}

at::Tensor ConvBlock::pool(const at::Tensor& values) const {
  if (config_.pool == 1) return values;
  const std::vector<std::int64_t> window{two_dimensional_ ? config_.pool : 1, config_.pool};
  return config_.pool_kind == "max" ? at::max_pool2d(values, window)
                                    : at::avg_pool2d(values, window);
}

at::Tensor ConvBlock::normalize(const Image& image, const ForwardContext& context) {
  if (config_.norm == "none") return image.values;
  if (config_.norm == "layer") {
    const at::Tensor rows = image.values.permute({0, 2, 3, 1});
    return at::layer_norm(rows, {rows.size(-1)}, norm_.weight, norm_.bias, norm_.epsilon)
        .permute({0, 3, 1, 2});
  }
  at::Tensor mask;
  if (!image.lengths.empty()) {
    mask = step_mask(image.lengths, image.values, Image::time_dimension(two_dimensional_));
  }
  return norm_.forward(image.values, context, mask);
}

std::pair<FusedParts, std::size_t> ConvBlock::leading_parts() {
  FusedParts parts{.dropout_layer = dropout_layer_};
  std::size_t count = 0;
  const auto next_is = [&](const char* part) {
    return count < config_.order.size() && config_.order[count] == part;
  };
  if (config_.activation != "relu" || !next_is("activation")) return {parts, 0};
  ++count;
  if (next_is("pool") && (config_.pool == 1 || config_.pool_kind == "max")) {
    parts.pool_height = two_dimensional_ ? config_.pool : 1;
    parts.pool_width = config_.pool;
    ++count;
  }
  if (next_is("norm") && config_.norm != "layer") {
    parts.norm = config_.norm == "batch" ? &norm_ : nullptr;
    ++count;
  }
  if (next_is("dropout")) {
    parts.dropout = config_.dropout;
    ++count;
  }
  return {parts, count};
}

std::size_t ConvBlock::forward_leading(Image& image, const ForwardContext& context) {
  auto [parts, count] = leading_parts();
  const bool whole_batch = count > 0 && image.lengths.empty();
  const bool feeds_convolution = before_convolution_ && count == config_.order.size();
  const FirstConvolution first{
      .weight = weight_, .bias = bias_, .padding = static_cast<int>(padding())};
  if (whole_batch && two_dimensional_ && can_fuse(image.values, first, parts, context)) {
    parts.narrow = feeds_convolution && at::autocast::is_autocast_enabled(at::kCPU);
    image.values = fused_convolution(image.values, first, parts, context);
    return count;
  }
  image.values = convolve(
      zero_padding(image.values, image.lengths, Image::time_dimension(two_dimensional_)), context);
  if (!whole_batch || !can_fuse(image.values, parts, context)) return 0;
  parts.narrow = feeds_convolution && image.values.scalar_type() == at::kBFloat16;
  image.values = fused_parts(image.values, parts, context);
  return count;
}

Image ConvBlock::forward(Image image, const ForwardContext& context) {
  const std::size_t done = forward_leading(image, context);
  image.lengths =
      shorten(image.lengths, config_.padding == "valid" ? config_.kernel - 1 : 0, /*stride=*/1);
  for (std::size_t i = done; i < config_.order.size(); ++i) {
    const std::string& part = config_.order[i];
    const bool before_max_pool = i + 1 < config_.order.size() && config_.order[i + 1] == "pool" &&
                                 config_.pool_kind == "max";
    const bool fused = part == "activation" && config_.activation == "relu" && before_max_pool;
    // A convolution under autocast gives bfloat16; the parts behind it, but one, want float32.
    if (!fused && image.values.scalar_type() == at::kBFloat16)
      image.values = image.values.to(at::kFloat);
    if (fused) {
      image.values = relu_max_pool(image.values, two_dimensional_ ? config_.pool : 1, config_.pool);
      image.lengths = shorten(image.lengths, 0, config_.pool);
      ++i;
    } else if (part == "activation") {
      image.values = activate(image.values, config_.activation);
    } else if (part == "pool") {
      image.values = pool(image.values);
      image.lengths = shorten(image.lengths, 0, config_.pool);
    } else if (part == "norm") {
      image.values = normalize(image, context);
    } else {
      image.values = dropout(image.values, config_.dropout, dropout_layer_, context);
    }
  }
  return image;
}

}  // namespace parlando::train
