#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "train/model/conv_block.h"
#include "train/model/forward_context.h"
#include "train/model/head.h"
#include "train/model/lstm.h"
#include "train/model/parameter_set.h"
#include "train/model/pooling.h"
#include "train/network/model_config.h"
#include "train/network/network_plan.h"

namespace parlando::train {

/// A network made from its configuration: convolution blocks - LSTM - pooling - head.
class Classifier {
 public:
  /// With weights drawn by `seed`. Throws Error(usage) if the convolutions leave nothing of the
  /// input.
  Classifier(const ModelConfig& config, InputShape shape, std::int64_t classes, std::uint64_t seed);
  /// With the tensors that `source` gives. Throws what it throws.
  Classifier(const ModelConfig& config, InputShape shape, std::int64_t classes,
             const TensorSource& source);

  /// `features` [batch, frames, rows], no more frames than the network was built for -> logits
  /// [batch, classes]. With config.mask, frames behind context.lengths have no effect. By any
  /// number of threads at once, but for training.
  at::Tensor forward(const at::Tensor& features, const ForwardContext& context);

  /// Whether padding has no effect, so that a batch may be as short as its longest clip.
  bool masks_padding() const { return config_.mask; }

  /// Frames from one time step behind the convolutions to the next.
  std::int64_t frames_per_step() const { return plan_.frames_per_step; }

  /// Trained tensors, in the order of the forward pass. The tensors are shared with the model.
  std::vector<NamedTensor>& parameters() { return parameters_.trained(); }
  /// Moving statistics of batch norm, and what is frozen.
  std::vector<NamedTensor>& buffers() { return parameters_.buffers(); }
  const std::vector<NamedTensor>& parameters() const { return parameters_.trained(); }
  const std::vector<NamedTensor>& buffers() const { return parameters_.buffers(); }

  /// Kernels whose sum of squares, times a factor, belongs to the loss.
  std::vector<WeightPenalty> penalties() const { return parameters_.penalties(); }

  /// Trains no tensor whose name begins with one of `prefixes`; before anything holds parameters().
  /// Throws Error(usage) for a prefix that no trained tensor has, and if nothing is left to train.
  void freeze(const std::vector<std::string>& prefixes) { parameters_.freeze(prefixes); }

  /// Moves to another precision or device; parameters must not be flattened yet.
  void to(at::ScalarType type, at::Device device) { parameters_.to(type, device); }

  ParameterCount count() const;

 private:
  Lengths lengths_of(const at::Tensor& features, const ForwardContext& context) const;

  ModelConfig config_;
  NetworkPlan plan_;
  ParameterSet parameters_;
  std::vector<ConvBlock> blocks_;
  Lstm lstm_;
  Pooling pooling_;
  Head head_;
};

}  // namespace parlando::train
