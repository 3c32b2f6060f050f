#include "common/report/sweep/importance.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "common/metrics/rank_correlation.h"
#include "common/metrics/variance_share.h"

namespace parlando::report {
namespace {

constexpr std::size_t kQuarters = 4;
constexpr int kShuffles = 999;
constexpr std::uint64_t kSeed = 1;

Importance importance_of(const SweepParameter& parameter,
                         const std::vector<ComparedConfiguration>& configurations) {
  std::vector<double> places, numbers, values;
  for (const ComparedConfiguration& configuration : configurations) {
    const double place = parameter.place_of(*configuration.trial);
    if (!std::isfinite(place)) continue;
    places.push_back(place);
    numbers.push_back(configuration.trial->parameters.at(parameter.key).number);
    values.push_back(configuration.value);
  }
  std::vector<std::size_t> groups;
  if (parameter.columns.empty()) {
    groups = metrics::quantile_groups(places, kQuarters);
  } else {
    for (const double place : places) groups.push_back(static_cast<std::size_t>(place));
  }
  Importance result;
  result.configurations = values.size();
  result.groups = std::set<std::size_t>(groups.begin(), groups.end()).size();
  result.share = metrics::variance_share(values, groups);
  if (std::isfinite(result.share)) result.share = std::max(0.0, result.share);
  result.p = metrics::permutation_p(values, groups, kShuffles, kSeed);
  result.rho = parameter.numeric ? metrics::spearman(numbers, values)
                                 : std::numeric_limits<double>::quiet_NaN();
  return result;
}

}  // namespace

std::vector<Importance> parameter_importance(const SweepRecord& sweep) {
  const std::vector<ComparedConfiguration> configurations = compared_configurations(sweep);
  std::vector<Importance> result;
  for (std::size_t i = 0; i < sweep.parameters.size(); ++i) {
    result.push_back(importance_of(sweep.parameters[i], configurations));
    result.back().parameter = i;
  }
  std::ranges::stable_sort(result, [](const Importance& a, const Importance& b) {
    if (std::isfinite(a.share) != std::isfinite(b.share)) return std::isfinite(a.share);
    return std::isfinite(a.share) && a.share > b.share;
  });
  return result;
}

}  // namespace parlando::report
