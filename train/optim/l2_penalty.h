#pragma once

#include <vector>

#include "train/model/parameter_set.h"
#include "train/optim/flat_parameters.h"
#include "train/torch.h"

namespace parlando::train {

/// The part of the loss that is factor * sum(w^2) of some parameters, Keras' L2 (no 1/2). It
/// depends on the parameters alone, so every rank adds it to the summed gradients by itself.
class L2Penalty {
 public:
  /// The tensors are views of `flat`, which must outlive the object.
  L2Penalty(const std::vector<WeightPenalty>& penalties, FlatParameters& flat);

  /// Sum over all tensors.
  double value() const;
  /// Adds 2 * factor * w to the flat gradients.
  void add_gradient() const;

 private:
  struct Part {
    at::Tensor values, gradients;  // views of the flat buffers
    double factor = 0;
  };
  std::vector<Part> parts_;
};

}  // namespace parlando::train
