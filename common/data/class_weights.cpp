#include "common/data/class_weights.h"

#include <algorithm>
#include <numeric>

namespace parlando::data {

std::vector<double> balanced_class_weights(std::span<const std::size_t> counts) {
  const auto total = static_cast<double>(std::accumulate(counts.begin(), counts.end(), 0UL));
  const auto occurring = static_cast<double>(
      std::ranges::count_if(counts, [](std::size_t count) { return count > 0; }));
  std::vector<double> weights(counts.size(), 0.0);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) weights[i] = total / (occurring * static_cast<double>(counts[i]));
  }
  return weights;
}

}  // namespace parlando::data
