#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace parlando::data {

/// scikit-learn's 'balanced' class weights, n / (classes * count), from the counts of the training
/// side; only classes that occur are counted, one that does not gets weight 0.
std::vector<double> balanced_class_weights(std::span<const std::size_t> counts);

}  // namespace parlando::data
