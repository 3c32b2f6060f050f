#include "train/data/sampler.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "common/core/random.h"
#include "common/data/oversample.h"

namespace parlando::train {

std::vector<std::size_t> epoch_order(std::size_t samples, std::uint64_t seed, std::int64_t epoch) {
  std::vector<std::size_t> order(samples);
  std::iota(order.begin(), order.end(), std::size_t{0});
  RandomStream stream(seed, "shuffle", static_cast<std::uint64_t>(epoch));
  for (std::size_t i = samples; i > 1; --i) std::swap(order[i - 1], order[stream.below(i)]);
  return order;
}

EpochSampler::EpochSampler(std::vector<int> labels, const SamplingConfig& config,
                           std::uint64_t seed)
    : labels_(std::move(labels)), config_(config), seed_(seed) {
  if (config.oversample == "once") {
    const bool known_to_numpy = seed <= std::numeric_limits<std::uint32_t>::max();
    data::NumpyRandomState random(known_to_numpy ? seed : RandomStream(seed, "oversample").next());
    once_ = data::random_oversample(labels_, random);
  }
  size_ = draw(0).size();
}

std::vector<std::size_t> EpochSampler::draw(std::int64_t epoch) const {
  if (config_.oversample == "once") return once_;
  if (config_.oversample == "each-epoch") {
    RandomStream stream(seed_, "oversample", static_cast<std::uint64_t>(epoch));
    data::NumpyRandomState random(stream.next());
    return data::random_oversample(labels_, random);
  }
  std::vector<std::size_t> all(labels_.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

std::vector<std::size_t> EpochSampler::order(std::int64_t epoch) const {
  const std::vector<std::size_t> drawn = draw(epoch);
  std::vector<std::size_t> order = epoch_order(drawn.size(), seed_, epoch);
  for (std::size_t& position : order) position = drawn[position];
  return order;
}

std::vector<std::size_t> EpochSampler::class_counts(std::size_t classes) const {
  std::vector<std::size_t> counts(classes, 0);
  for (const std::size_t sample : draw(0)) ++counts[static_cast<std::size_t>(labels_[sample])];
  return counts;
}

Share share_of(std::size_t count, int rank, int world_size) {
  const auto r = static_cast<std::size_t>(rank);
  const auto w = static_cast<std::size_t>(world_size);
  return {count * r / w, count * (r + 1) / w};
}

Share share_of_blocks(std::size_t count, std::size_t block, int rank, int world_size) {
  const Share blocks = share_of((count + block - 1) / block, rank, world_size);
  return {std::min(count, blocks.begin * block), std::min(count, blocks.end * block)};
}

}  // namespace parlando::train
