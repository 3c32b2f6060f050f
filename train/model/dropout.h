#pragma once

#include "train/model/forward_context.h"
#include "train/torch.h"

namespace parlando::train {

/// Dropout whose mask is a function of (seed, epoch, layer, sample position, element) alone
/// (Philox), so that it is the same for any number of ranks and threads. `input` [batch, ...] dense
/// with the batch outermost in memory (contiguous or channels-last). Identity when not training or
/// `probability` is 0.
at::Tensor dropout(const at::Tensor& input, double probability, int layer,
                   const ForwardContext& context);

}  // namespace parlando::train
