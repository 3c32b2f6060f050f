#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace parlando::train {

/// Order of the samples in an epoch: a permutation that depends on (seed, epoch) alone.
std::vector<std::size_t> epoch_order(std::size_t samples, std::uint64_t seed, std::int64_t epoch);

/// The contiguous share of [0, count) that `rank` of `world_size` takes; shares differ by one at
/// the most and can be empty.
struct Share {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t size() const { return end - begin; }
};
Share share_of(std::size_t count, int rank, int world_size);

}  // namespace parlando::train
