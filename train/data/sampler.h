#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "train/data/sampling_config.h"

namespace parlando::train {

/// Order of the samples in an epoch: a permutation that depends on (seed, epoch) alone.
std::vector<std::size_t> epoch_order(std::size_t samples, std::uint64_t seed, std::int64_t epoch);

/// Chooses and orders the samples of each epoch, as a function of (seed, epoch).
class EpochSampler {
 public:
  /// `labels`: class of each sample of the training side. With 'once', oversampling draws as
  /// imbalanced-learn's RandomOverSampler(random_state=seed); for seeds that NumPy does not take
  /// (2^32 and more) from a stream of its own.
  EpochSampler(std::vector<int> labels, const SamplingConfig& config, std::uint64_t seed);

  /// Positions in an epoch, the same in all epochs.
  std::size_t size() const { return size_; }

  /// The sample at each position of an epoch (counted from 0).
  std::vector<std::size_t> order(std::int64_t epoch) const;

  /// Samples of each class in an epoch.
  std::vector<std::size_t> class_counts(std::size_t classes) const;

 private:
  std::vector<std::size_t> draw(std::int64_t epoch) const;

  std::vector<int> labels_;
  SamplingConfig config_;
  std::uint64_t seed_;
  std::vector<std::size_t> once_;
  std::size_t size_ = 0;
};

/// The contiguous share of [0, count) that `rank` of `world_size` takes; shares differ by one at
/// the most and can be empty.
struct Share {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t size() const { return end - begin; }
};
Share share_of(std::size_t count, int rank, int world_size);

/// The same in whole blocks of `block`, the last of which can be short: every element is in a block
/// with the same others, whatever the number of ranks.
Share share_of_blocks(std::size_t count, std::size_t block, int rank, int world_size);

}  // namespace parlando::train
