#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "train/data/augment_config.h"

namespace parlando::train {

/// Place of a sample in the training; all draws are functions of it and the seed, so that they
/// depend neither on ranks nor on where a run was stopped.
struct SamplePlace {
  std::uint64_t seed = 0;
  std::int64_t epoch = 0;
  std::int64_t position = 0;  ///< in the epoch's order
};

/// Shift, noise, time masks and frequency masks, in this order, on normalised features
/// [frames, rows] of the clip's own frames (no padding), in place.
void augment_sample(const AugmentConfig& config, const SamplePlace& place,
                    std::span<float> features, std::size_t rows);

/// How a global batch is mixed: sample i becomes share * x_i + (1 - share) * x_partner[i].
struct MixPlan {
  double share = 1;                   ///< 1/2 to 1
  std::vector<std::size_t> partners;  ///< a permutation of the batch; empty = not mixed
};

/// Draws the plan of a global batch of `size` samples, whose first one is at `place`.
MixPlan plan_mixup(const MixupConfig& config, const SamplePlace& place, std::size_t size);

}  // namespace parlando::train
