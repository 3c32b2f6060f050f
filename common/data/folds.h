#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "common/data/numpy_random.h"

namespace parlando::data {

/// The test fold of every position, as scikit-learn's StratifiedKFold(folds) gives it; with
/// `random`, shuffle=True. Throws Error(data) where scikit-learn refuses: fewer members than folds
/// in every stratum.
std::vector<std::size_t> stratified_kfold(std::span<const int> labels, std::size_t folds,
                                          NumpyRandomState* random);

/// The test fold of every group, as scikit-learn's StratifiedGroupKFold(folds) gives it:
/// `groups[i]` in 0 .. n_groups - 1 is the group of position i, its number its place in sorted
/// order. With `random`, shuffle=True. Throws Error(data) if there are fewer groups than folds, or
/// fewer members in every stratum.
std::vector<std::size_t> stratified_group_kfold(std::span<const int> labels,
                                                std::span<const std::size_t> groups,
                                                std::size_t n_groups, std::size_t folds,
                                                NumpyRandomState* random);

}  // namespace parlando::data
