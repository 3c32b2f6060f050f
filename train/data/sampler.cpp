#include "train/data/sampler.h"

#include <numeric>
#include <utility>

#include "common/core/random.h"

namespace parlando::train {

std::vector<std::size_t> epoch_order(std::size_t samples, std::uint64_t seed, std::int64_t epoch) {
  std::vector<std::size_t> order(samples);
  std::iota(order.begin(), order.end(), std::size_t{0});
  RandomStream stream(seed, "shuffle", static_cast<std::uint64_t>(epoch));
  for (std::size_t i = samples; i > 1; --i) std::swap(order[i - 1], order[stream.below(i)]);
  return order;
}

Share share_of(std::size_t count, int rank, int world_size) {
  const auto r = static_cast<std::size_t>(rank);
  const auto w = static_cast<std::size_t>(world_size);
  return {count * r / w, count * (r + 1) / w};
}

}  // namespace parlando::train
