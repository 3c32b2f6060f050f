#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace parlando::metrics {

/// The share of the values' variance that lies between their groups, corrected for the number of
/// groups: epsilon squared of a one-way analysis of variance (Kelley 1935), which is the adjusted
/// R squared of the groups' means. At most 1, and negative where groups tell less than chance
/// would. Groups are small numbers. NaN if there is one group, no more values than groups, or no
/// variance.
double variance_share(std::span<const double> values, std::span<const std::size_t> groups);

/// How often `shuffles` random exchanges of the values part them at least as well as `groups` do:
/// (1 + those) / (1 + shuffles). Depends on the arguments alone. NaN where variance_share is.
double permutation_p(std::span<const double> values, std::span<const std::size_t> groups,
                     int shuffles, std::uint64_t seed);

/// Groups 0 .. count - 1 of about equal size, in the order of the values; equal values share one.
std::vector<std::size_t> quantile_groups(std::span<const double> values, std::size_t count);

}  // namespace parlando::metrics
