#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "train/data/augment.h"
#include "train/data/sample_set.h"

namespace parlando::train {

/// What one rank computes at once: its share of one part of a global batch.
struct BatchPart {
  SampleSet::Batch data;     ///< augmented; one stand-in, weighed 0, if the rank has no sample
  at::Tensor second_labels;  ///< under mixup the labels of what was mixed in; else undefined
  double share = 1;          ///< of the first labels
  std::vector<std::int64_t> positions;  ///< of the samples in the epoch's order
  bool has_samples = true;              ///< false: the stand-in is there for the collectives alone
};

/// One rank's part of the global batch of one step.
struct StepBatch {
  std::vector<BatchPart> parts;     ///< as many on every rank
  std::int64_t first_position = 0;  ///< of the global batch
  std::size_t global_size = 0;      ///< samples of all ranks and parts
};

/// Builds the training batches of one rank: reads samples, augments and mixes them. What comes out
/// for a sample is a function of seed, epoch and position. Thread-safe.
class BatchBuilder {
 public:
  struct Options {
    AugmentConfig augment;
    std::uint64_t seed = 0;
    int parts = 1;  ///< that a global batch is computed in
    int rank = 0;
    int world_size = 1;
    bool trim = false;  ///< to the longest sample of the global batch
  };

  /// `samples` must outlive the object.
  BatchBuilder(const SampleSet& samples, const Options& options)
      : samples_(samples), options_(options) {}

  /// `global_batch`: samples of all ranks, the first one at `first_position` of the epoch. Reads
  /// this rank's samples, and under mixup those mixed in. Throws Error(artefact) for a damaged
  /// shard.
  StepBatch build(std::span<const std::size_t> global_batch, std::int64_t epoch,
                  std::int64_t first_position) const;

 private:
  SampleSet::Batch read(std::span<const std::size_t> global_batch,
                        std::span<const std::size_t> members, SamplePlace first) const;

  const SampleSet& samples_;
  Options options_;
};

}  // namespace parlando::train
