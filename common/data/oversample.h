#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "common/data/numpy_random.h"

namespace parlando::data {

/// Positions of an oversampled training side, as imbalanced-learn's RandomOverSampler draws them:
/// every position once, then for each class in the order of labels as many draws with replacement
/// as it has fewer than the largest class.
std::vector<std::size_t> random_oversample(std::span<const int> labels, NumpyRandomState& random);

}  // namespace parlando::data
