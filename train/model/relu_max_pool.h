#pragma once

#include "train/torch.h"

namespace parlando::train {

/// max_pool2d(relu(input)) with window and stride [height, width], in one pass: relu and maximum
/// commute, so the large activation is read once and a byte for each output says where its gradient
/// goes. `input` [batch, channels, height, width], best channels-last; the result is channels-last,
/// and float32 for bfloat16 input.
at::Tensor relu_max_pool(const at::Tensor& input, int height, int width);

}  // namespace parlando::train
