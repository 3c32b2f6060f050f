#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "train/model/named_tensor.h"
#include "train/network/network_plan.h"

namespace parlando::train {

/// A trained tensor whose sum of squares, times `factor`, belongs to the loss.
struct WeightPenalty {
  at::Tensor tensor;
  double factor = 0;
};

/// Gives the values that a tensor of the plan begins with, of its shape.
using TensorSource = std::function<at::Tensor(const ParameterPlan& parameter)>;

/// The tensors of a network, made from its plan. Parts of the network hold the same tensors.
class ParameterSet {
 public:
  ParameterSet(const NetworkPlan& plan, const TensorSource& source);

  /// Throws Error(internal) if the plan has no such tensor.
  const at::Tensor& at(const std::string& name) const;

  /// Trained tensors, in the order of the forward pass, and the others: moving statistics and what
  /// is frozen.
  std::vector<NamedTensor>& trained() { return trained_; }
  std::vector<NamedTensor>& buffers() { return buffers_; }
  const std::vector<NamedTensor>& trained() const { return trained_; }
  const std::vector<NamedTensor>& buffers() const { return buffers_; }

  std::vector<WeightPenalty> penalties() const;

  /// Trains no tensor whose name begins with one of `prefixes`. Throws Error(usage) for a prefix
  /// that no trained tensor has, and if nothing is left to train.
  void freeze(const std::vector<std::string>& prefixes);

  /// Moves to another precision or device; parameters must not be flattened yet.
  void to(at::ScalarType type, at::Device device);

 private:
  std::vector<NamedTensor> trained_, buffers_;
  std::vector<std::pair<std::string, double>> l2_;  ///< names with a factor
};

}  // namespace parlando::train
