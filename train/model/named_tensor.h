#pragma once

#include <string>

#include "train/torch.h"

namespace parlando::train {

/// A tensor of a model or state under the name that files have for it. The tensor is shared, not
/// copied.
struct NamedTensor {
  std::string name;
  at::Tensor tensor;
};

}  // namespace parlando::train
