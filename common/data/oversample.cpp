#include "common/data/oversample.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace parlando::data {

std::vector<std::size_t> random_oversample(std::span<const int> labels, NumpyRandomState& random) {
  std::map<int, std::vector<std::size_t>> members;
  for (std::size_t i = 0; i < labels.size(); ++i) members[labels[i]].push_back(i);
  std::size_t largest = 0;
  for (const auto& [label, positions] : members) largest = std::max(largest, positions.size());

  std::vector<std::size_t> sampled(labels.size());
  std::iota(sampled.begin(), sampled.end(), std::size_t{0});
  for (const auto& [label, positions] : members) {
    for (std::size_t missing = largest - positions.size(); missing > 0; --missing) {
      sampled.push_back(positions[random.interval(positions.size() - 1)]);
    }
  }
  return sampled;
}

}  // namespace parlando::data
