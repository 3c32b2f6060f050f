#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "train/model/forward_context.h"
#include "train/torch.h"

namespace parlando::train {

/// What one layer's dropout keeps of each sample of a batch.
class KeepMasks {
 public:
  /// Throws Error(internal) if the context does not have a position for each of `samples`.
  KeepMasks(double probability, int layer, std::int64_t samples, const ForwardContext& context);

  /// keep[i] = 1 with probability 1 - `probability`, else 0, for `count` elements of a sample.
  void draw(std::int64_t sample, std::size_t count, std::uint8_t* keep) const;

 private:
  std::array<std::uint32_t, 2> key_;
  std::uint32_t layer_epoch_, threshold_;
  std::span<const std::int64_t> positions_;
};

/// Dropout whose mask is a function of (seed, epoch, layer, sample position, element) alone
/// (Philox), so that it is the same for any number of ranks and threads. `input` [batch, ...] dense
/// with the batch outermost in memory (contiguous or channels-last). Identity when not training or
/// `probability` is 0.
at::Tensor dropout(const at::Tensor& input, double probability, int layer,
                   const ForwardContext& context);

}  // namespace parlando::train
