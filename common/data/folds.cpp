#include "common/data/folds.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <unordered_map>

#include "common/core/error.h"

namespace parlando::data {
namespace {

/// NumPy adds fewer than 8 numbers one by one, and up to 128 in eight interleaved sums; which of
/// two near deviations is larger can hang on it.
double numpy_sum(std::span<const double> values) {
  constexpr std::size_t kLanes = 8;
  if (values.size() < kLanes) return std::accumulate(values.begin(), values.end(), 0.0);
  std::array<double, kLanes> lanes{};
  const std::size_t whole = values.size() - values.size() % kLanes;
  for (std::size_t i = 0; i < whole; ++i) lanes[i % kLanes] += values[i];
  double sum = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) +
               ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
  for (std::size_t i = whole; i < values.size(); ++i) sum += values[i];
  return sum;
}

double numpy_mean(std::span<const double> values) {
  return numpy_sum(values) / static_cast<double>(values.size());
}

double numpy_std(std::span<const double> values) {
  const double mean = numpy_mean(values);
  std::vector<double> squares;
  for (const double value : values) squares.push_back((value - mean) * (value - mean));
  return std::sqrt(numpy_mean(squares));
}

/// np.isclose with its default tolerances.
bool is_close(double value, double reference) {
  if (!std::isfinite(reference)) return value == reference;
  return std::abs(value - reference) <= 1e-8 + 1e-5 * std::abs(reference);
}

void require_members(const std::vector<std::size_t>& counts, std::size_t folds) {
  if (std::ranges::any_of(counts, [&](std::size_t count) { return count >= folds; })) return;
  fail(ErrorKind::data, "{} folds are more than any stratum has clips; ask for fewer (folds)",
       folds);
}

using Table = std::vector<std::vector<double>>;

/// How unevenly the classes would lie over the folds: the standard deviation of each class's
/// shares, mean over the classes.
double unevenness(const Table& fold_counts, const std::vector<std::size_t>& totals) {
  std::vector<double> deviations;
  std::vector<double> shares(fold_counts.size());
  for (std::size_t label = 0; label < totals.size(); ++label) {
    double sum = 0;
    for (std::size_t fold = 0; fold < fold_counts.size(); ++fold) {
      shares[fold] = fold_counts[fold][label] / static_cast<double>(totals[label]);
      sum += shares[fold];
    }
    const double mean = sum / static_cast<double>(shares.size());
    double squares = 0;
    for (const double share : shares) squares += (share - mean) * (share - mean);
    deviations.push_back(std::sqrt(squares / static_cast<double>(shares.size())));
  }
  return numpy_mean(deviations);
}

void add_counts(std::vector<double>& counts, const std::vector<double>& more, double sign) {
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += sign * more[i];
}

std::size_t best_fold(Table& fold_counts, const std::vector<std::size_t>& totals,
                      const std::vector<double>& group) {
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  double fewest = std::numeric_limits<double>::infinity();
  for (std::size_t fold = 0; fold < fold_counts.size(); ++fold) {
    add_counts(fold_counts[fold], group, 1);
    const double uneven = unevenness(fold_counts, totals);
    add_counts(fold_counts[fold], group, -1);
    const double members = numpy_sum(fold_counts[fold]);
    if (uneven < least || (is_close(uneven, least) && members < fewest)) {
      least = uneven;
      fewest = members;
      best = fold;
    }
  }
  return best;
}

}  // namespace

std::vector<std::size_t> stratified_kfold(std::span<const int> labels, std::size_t folds,
                                          NumpyRandomState* random) {
  // Strata in the order in which they appear.
  std::unordered_map<int, std::size_t> rank;
  std::vector<std::vector<std::size_t>> members;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto [entry, first] = rank.emplace(labels[i], members.size());
    if (first) members.emplace_back();
    members[entry->second].push_back(i);
  }
  std::vector<std::size_t> counts;
  for (const auto& positions : members) counts.push_back(positions.size());
  require_members(counts, folds);
  std::vector<std::size_t> fold_of(labels.size());
  std::size_t dealt = 0;
  for (const std::vector<std::size_t>& positions : members) {
    // Each stratum is dealt out where the one before ended, then stands in blocks of folds.
    std::vector<std::size_t> shares(folds);
    for (std::size_t i = 0; i < positions.size(); ++i) ++shares[dealt++ % folds];
    std::vector<std::size_t> blocks;
    for (std::size_t fold = 0; fold < folds; ++fold) {
      blocks.insert(blocks.end(), shares[fold], fold);
    }
    if (random != nullptr) random->shuffle(std::span(blocks));
    for (std::size_t i = 0; i < positions.size(); ++i) fold_of[positions[i]] = blocks[i];
  }
  return fold_of;
}

std::vector<std::size_t> stratified_group_kfold(std::span<const int> labels,
                                                std::span<const std::size_t> groups,
                                                std::size_t n_groups, std::size_t folds,
                                                NumpyRandomState* random) {
  if (n_groups < folds) {
    fail(ErrorKind::data, "{} folds need at least {} speakers, there are {}", folds, folds,
         n_groups);
  }
  std::map<int, std::size_t> column;
  for (const int label : labels) column.emplace(label, 0);
  std::size_t next = 0;
  for (auto& [label, index] : column) index = next++;
  std::vector<std::size_t> totals(column.size());
  Table group_counts(n_groups, std::vector<double>(column.size()));
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::size_t label = column.at(labels[i]);
    ++totals[label];
    ++group_counts[groups[i]][label];
  }
  require_members(totals, folds);
  std::vector<std::size_t> order(n_groups);
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (random != nullptr) random->shuffle(std::span(order));
  std::vector<double> spread;
  for (const std::vector<double>& counts : group_counts) spread.push_back(numpy_std(counts));
  std::ranges::stable_sort(order, std::ranges::greater{},
                           [&](std::size_t group) { return spread[group]; });
  Table fold_counts(folds, std::vector<double>(column.size()));
  std::vector<std::size_t> fold_of(n_groups);
  for (const std::size_t group : order) {
    fold_of[group] = best_fold(fold_counts, totals, group_counts[group]);
    add_counts(fold_counts[fold_of[group]], group_counts[group], 1);
  }
  return fold_of;
}

}  // namespace parlando::data
