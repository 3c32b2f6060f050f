#pragma once

#include <span>
#include <vector>

namespace parlando::metrics {

/// Ranks from 1; equal values share the mean of theirs.
std::vector<double> average_ranks(std::span<const double> values);

/// Spearman's rho: Pearson's correlation of the average ranks. NaN for fewer than two pairs, or if
/// one side has a single value. All values are finite and both spans equally long.
double spearman(std::span<const double> x, std::span<const double> y);

}  // namespace parlando::metrics
