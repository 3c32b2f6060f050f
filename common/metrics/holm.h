#pragma once

#include <span>
#include <vector>

namespace parlando::metrics {

/// Holm's step-down adjustment of the p values of one family (Holm, Scand. J. Statist. 6:65, 1979):
/// with those below 0.05 called effects, the chance to call even one that is none is at most 0.05.
/// In ascending order p_(i) becomes the largest of (m - j + 1) p_(j), j <= i, at most 1. Values
/// that are NaN stay so and are no members of the family. In the order given.
std::vector<double> holm_adjusted(std::span<const double> p_values);

}  // namespace parlando::metrics
