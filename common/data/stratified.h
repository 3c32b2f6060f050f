#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "common/data/numpy_random.h"

namespace parlando::data {

/// Positions in the list of labels, in the order of the draw.
struct ShuffleSplit {
  std::vector<std::size_t> train;
  std::vector<std::size_t> test;
};

/// One draw of scikit-learn's StratifiedShuffleSplit, index by index: `n_test` positions to the
/// test side, all others to the training side. Calling again with the same generator gives the next
/// of its n_splits. Throws Error(data) where scikit-learn refuses: a stratum of one, or a side
/// smaller than the number of strata; `name_of` turns a label into words for the message, and
/// `remedy` says there what to do.
ShuffleSplit stratified_shuffle_split(std::span<const int> labels, std::size_t n_test,
                                      NumpyRandomState& random,
                                      const std::function<std::string(int)>& name_of,
                                      const std::string& remedy = "add clips");

/// ceil(fraction * n), scikit-learn's size of a test side.
std::size_t test_size(double fraction, std::size_t n);

}  // namespace parlando::data
