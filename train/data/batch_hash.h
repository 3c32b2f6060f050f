#pragma once

#include <cstdint>

#include "train/data/step_batch.h"

namespace parlando::train {

/// The sum over a rank's samples of a hash of each: its position, labels, length and features, bit
/// for bit as the network gets them. Summed over all ranks it does not depend on their number, and
/// it tells any other sample, order or augmentation.
std::int64_t hash_of_samples(const StepBatch& batch);

}  // namespace parlando::train
