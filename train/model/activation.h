#pragma once

#include <string>

#include "train/torch.h"

namespace parlando::train {

/// Elementwise "relu", "elu", "gelu" (exact), "tanh" or "none".
at::Tensor activate(const at::Tensor& input, const std::string& kind);

}  // namespace parlando::train
