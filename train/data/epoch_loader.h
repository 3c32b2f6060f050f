#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/core/prefetcher.h"
#include "train/data/input_config.h"
#include "train/data/sample_set.h"

namespace parlando::train {

/// One rank's part of the global batch of one step.
struct StepBatch {
  SampleSet::Batch data;  ///< this rank's samples; one stand-in, weighed 0, if it has none
  std::vector<std::int64_t> positions;  ///< of these samples in the epoch's order
  bool has_samples = true;              ///< false: the stand-in is there for the collectives alone
  std::int64_t first_position = 0;      ///< of the global batch
  std::size_t global_size = 0;          ///< samples of all ranks
};

/// The batches of one epoch as one rank sees them, built ahead of the training loop on threads of
/// their own. Which samples a batch holds is a function of the order alone. Reads only this rank's
/// samples.
class EpochLoader {
 public:
  /// `order`: sample indices of the epoch; `first_step`: where to begin. `samples` must outlive the
  /// object.
  EpochLoader(const SampleSet& samples, std::vector<std::size_t> order, std::size_t batch_size,
              std::size_t first_step, int rank, int world_size, const InputConfig& config);

  /// Samples of the epoch, of all ranks and steps.
  std::size_t samples() const { return order_.size(); }
  bool done() const { return batches_.done(); }
  /// Throws what building the batch threw: Error(artefact) naming the file of a damaged shard.
  StepBatch next() { return batches_.next(); }
  /// Seconds that next() has waited.
  double waited() const { return batches_.waited(); }

 private:
  std::vector<std::size_t> order_;
  Prefetcher<StepBatch> batches_;
};

}  // namespace parlando::train
