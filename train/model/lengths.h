#pragma once

#include <cstdint>
#include <vector>

#include "train/torch.h"

namespace parlando::train {

/// Valid time steps of each sample of a batch; those behind them are padding. Empty: all are valid.
using Lengths = std::vector<std::int64_t>;

/// 1 for valid steps, 0 for padding, in the type and on the device of `like`: [batch, 1, ...,
/// steps,
/// ..., 1] with as many dimensions as `like` and the steps where `like` has them.
at::Tensor step_mask(const Lengths& lengths, const at::Tensor& like, std::int64_t time_dimension);

/// `values` with padding set to 0; the same tensor if all steps are valid.
at::Tensor zero_padding(const at::Tensor& values, const Lengths& lengths,
                        std::int64_t time_dimension);

/// Lengths behind a layer that loses `lost` steps at the end and then keeps one in `stride`.
Lengths shorten(const Lengths& lengths, std::int64_t lost, std::int64_t stride);

}  // namespace parlando::train
