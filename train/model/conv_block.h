#pragma once

#include "train/model/batch_norm.h"
#include "train/model/forward_context.h"
#include "train/model/fused_block.h"
#include "train/model/lengths.h"
#include "train/model/parameter_set.h"
#include "train/network/model_config.h"
#include "train/torch.h"

namespace parlando::train {

/// Activations of a convolution stack: [batch, channels, frames, rows] in 2-D, [batch, channels, 1,
/// frames] in 1-D, channels-last in memory.
struct Image {
  at::Tensor values;
  Lengths lengths;  ///< valid frames of each sample

  static std::int64_t time_dimension(bool two_dimensional) { return two_dimensional ? 2 : 3; }
};

/// A convolution and what follows it (ConvBlockConfig), 1-D or 2-D.
class ConvBlock {
 public:
  /// `dropout_layer`: number of its dropout among those of the network.
  ConvBlock(const ModelConfig& config, std::size_t index, const ParameterSet& parameters,
            int dropout_layer);

  /// With lengths, padding is 0 before the convolution and left out of batch statistics, so that it
  /// has no effect on the valid frames.
  Image forward(Image image, const ForwardContext& context);

 private:
  std::int64_t padding() const { return config_.padding == "same" ? config_.kernel / 2 : 0; }
  at::Tensor convolve(const at::Tensor& values, const ForwardContext& context) const;
  /// Parts that lead the order and may be fused, and how many those are.
  std::pair<FusedParts, std::size_t> leading_parts();
  /// Convolution and leading parts; returns how many parts of the order are done.
  std::size_t forward_leading(Image& image, const ForwardContext& context);
  at::Tensor pool(const at::Tensor& values) const;
  at::Tensor normalize(const Image& image, const ForwardContext& context);

  ConvBlockConfig config_;
  bool two_dimensional_;
  bool before_convolution_;  // the next block takes what autocast makes of this one's output
  int dropout_layer_;
  at::Tensor weight_, bias_;
  BatchNorm norm_;
};

}  // namespace parlando::train
