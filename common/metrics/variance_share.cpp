#include "common/metrics/variance_share.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

#include "common/core/random.h"
#include "common/metrics/rank_correlation.h"
#include "common/metrics/student.h"

namespace parlando::metrics {
namespace {

struct Sum {
  double total = 0;
  std::size_t n = 0;
};

/// Sum of squares between the groups, of values around 0.
double squares_between(std::span<const double> centred, std::span<const std::size_t> groups) {
  std::vector<Sum> sums(std::ranges::max(groups) + 1);
  for (std::size_t i = 0; i < centred.size(); ++i) {
    sums[groups[i]].total += centred[i];
    ++sums[groups[i]].n;
  }
  double squares = 0;
  for (const Sum& sum : sums) {
    if (sum.n > 0) squares += sum.total * sum.total / static_cast<double>(sum.n);
  }
  return squares;
}

std::vector<double> centred(std::span<const double> values) {
  std::vector<double> result(values.begin(), values.end());
  const double middle = mean(values);
  for (double& value : result) value -= middle;
  return result;
}

}  // namespace

double variance_share(std::span<const double> values, std::span<const std::size_t> groups) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  const std::size_t count = std::set<std::size_t>(groups.begin(), groups.end()).size();
  if (count < 2 || values.size() <= count) return kNone;
  if (std::ranges::min(values) == std::ranges::max(values)) return kNone;
  const std::vector<double> around_0 = centred(values);
  double total = 0;
  for (const double value : around_0) total += value * value;
  const auto n = static_cast<double>(values.size()), k = static_cast<double>(count);
  const double within = total - squares_between(around_0, groups);
  return 1 - within / (n - k) * (n - 1) / total;
}

double permutation_p(std::span<const double> values, std::span<const std::size_t> groups,
                     int shuffles, std::uint64_t seed) {
  const double share = variance_share(values, groups);
  if (std::isnan(share)) return share;
  std::vector<double> shuffled = centred(values);
  // Sums of the same numbers in another order differ in their last bits.
  const double observed = squares_between(shuffled, groups) * (1 - 1e-12);
  RandomStream stream(seed, "permutation");
  int as_good = 0;
  for (int shuffle = 0; shuffle < shuffles; ++shuffle) {
    for (std::size_t i = shuffled.size(); i > 1; --i)
      std::swap(shuffled[i - 1], shuffled[stream.below(i)]);
    if (squares_between(shuffled, groups) >= observed) ++as_good;
  }
  return (1.0 + as_good) / (1.0 + shuffles);
}

std::vector<std::size_t> quantile_groups(std::span<const double> values, std::size_t count) {
  std::vector<std::size_t> groups;
  for (const double rank : average_ranks(values)) {
    const double place = (rank - 0.5) / static_cast<double>(values.size());
    groups.push_back(static_cast<std::size_t>(place * static_cast<double>(count)));
  }
  return groups;
}

}  // namespace parlando::metrics
