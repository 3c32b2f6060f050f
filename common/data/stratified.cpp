#include "common/data/stratified.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <set>

#include "common/core/error.h"

namespace parlando::data {
namespace {

/// scikit-learn's _approximate_mode: the shares rounded down, the rest to the largest remainders,
/// ties broken by the generator, which draws even where there is nothing to choose.
std::vector<std::size_t> approximate_mode(const std::vector<std::size_t>& counts,
                                          std::size_t n_draws, NumpyRandomState& random) {
  const auto total = static_cast<double>(std::accumulate(counts.begin(), counts.end(), 0UL));
  std::vector<std::size_t> shares(counts.size());
  std::vector<double> remainders(counts.size());
  std::size_t given = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double exact = static_cast<double>(counts[i]) / total * static_cast<double>(n_draws);
    shares[i] = static_cast<std::size_t>(std::floor(exact));
    remainders[i] = exact - std::floor(exact);
    given += shares[i];
  }
  std::size_t missing = n_draws > given ? n_draws - given : 0;
  const std::set<double, std::greater<>> values(remainders.begin(), remainders.end());
  for (const double value : values) {
    if (missing == 0) break;
    std::vector<std::size_t> equal;
    for (std::size_t i = 0; i < remainders.size(); ++i) {
      if (remainders[i] == value) equal.push_back(i);
    }
    const std::size_t now = std::min(equal.size(), missing);
    for (const std::size_t chosen : random.choice(equal.size(), now)) ++shares[equal[chosen]];
    missing -= now;
  }
  return shares;
}

}  // namespace

std::size_t test_size(double fraction, std::size_t n) {
  return static_cast<std::size_t>(std::ceil(fraction * static_cast<double>(n)));
}

ShuffleSplit stratified_shuffle_split(std::span<const int> labels, std::size_t n_test,
                                      NumpyRandomState& random,
                                      const std::function<std::string(int)>& name_of,
                                      const std::string& remedy) {
  std::map<int, std::vector<std::size_t>> members;
  for (std::size_t i = 0; i < labels.size(); ++i) members[labels[i]].push_back(i);
  for (const auto& [label, positions] : members) {
    if (positions.size() < 2) {
      fail(ErrorKind::data,
           "stratum '{}' has only {} member to divide; at least 2 are needed on each draw: {}",
           name_of(label), positions.size(), remedy);
    }
  }
  const std::size_t n_train = labels.size() - std::min(n_test, labels.size());
  if (n_train < members.size() || n_test < members.size()) {
    const auto smallest = std::ranges::min_element(
        members, {}, [](const auto& member) { return member.second.size(); });
    fail(ErrorKind::data,
         "{} and {} are too few for the two sides of a draw with {} strata, the smallest '{}' with "
         "{}: each side needs at least one a stratum: {}",
         n_train, n_test, members.size(), name_of(smallest->first), smallest->second.size(),
         remedy);
  }
  std::vector<std::size_t> counts;
  for (const auto& [label, positions] : members) counts.push_back(positions.size());
  const std::vector<std::size_t> train_counts = approximate_mode(counts, n_train, random);
  std::vector<std::size_t> remaining(counts.size());
  std::ranges::transform(counts, train_counts, remaining.begin(), std::minus<>{});
  const std::vector<std::size_t> test_counts = approximate_mode(remaining, n_test, random);

  ShuffleSplit split;
  std::size_t stratum = 0;
  for (const auto& [label, positions] : members) {
    const std::vector<std::size_t> order = random.permutation(positions.size());
    const std::size_t first_test = train_counts[stratum];
    const std::size_t end = std::min(first_test + test_counts[stratum], order.size());
    for (std::size_t i = 0; i < end; ++i) {
      (i < first_test ? split.train : split.test).push_back(positions[order[i]]);
    }
    ++stratum;
  }
  random.shuffle(std::span(split.train));
  random.shuffle(std::span(split.test));
  return split;
}

}  // namespace parlando::data
