#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "train/network/model_config.h"

namespace parlando::train {

/// Frames and rows of the features that a network is built for.
struct InputShape {
  std::int64_t frames = 0;
  std::int64_t rows = 0;
};

/// How a parameter starts.
enum class Start {
  glorot,      ///< uniform on +-sqrt(6 / (fan_in + fan_out))
  orthogonal,  ///< rows of the transposed matrix are orthonormal
  fan_in,      ///< uniform on +-1 / sqrt(fan_in)
  zero,
  one,
  forget_gate,  ///< 1 for the second quarter, the forget gate's, else 0
};

/// One tensor of a network.
struct ParameterPlan {
  std::string name;
  std::vector<std::int64_t> shape;
  Start start = Start::zero;
  double fan_in = 0, fan_out = 0;
  double l2 = 0;        ///< factor of its sum of squares in the loss
  bool trained = true;  ///< false: moving statistics

  std::int64_t elements() const;
};

struct ParameterCount {
  std::int64_t trainable = 0;
  std::int64_t total = 0;  ///< as Keras counts: moving statistics and frozen parts included
};

/// Shapes of a network for one input shape, without any tensor.
struct NetworkPlan {
  std::vector<ParameterPlan> parameters;  ///< in the order of the forward pass
  std::int64_t steps = 0;                 ///< time steps behind the convolutions
  std::int64_t least_frames = 1;          ///< input that leaves one time step
  std::int64_t frames_per_step = 1;       ///< from one time step to the next

  ParameterCount count() const;
};

/// Throws Error(usage) if the convolutions leave nothing of the input.
NetworkPlan plan_network(const ModelConfig& config, InputShape shape, std::int64_t classes);

/// Names of the parts, as they begin the names of their parameters: "conv1", "norm1", ...; blocks,
/// layers and dense layers are counted from 0.
std::string conv_name(std::size_t block);
std::string norm_name(std::size_t block);
std::string lstm_name(int layer, int direction);
std::string dense_name(std::size_t layer);

}  // namespace parlando::train
