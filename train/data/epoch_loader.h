#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/core/prefetcher.h"
#include "train/data/input_config.h"
#include "train/data/step_batch.h"

namespace parlando::train {

/// The batches of one epoch as one rank sees them, built ahead of the training loop on threads of
/// their own. Which samples a batch holds is a function of the order alone. Reads only this rank's
/// samples.
class EpochLoader {
 public:
  /// `order`: sample indices of the epoch; `first_step`: where to begin. `builder` must outlive the
  /// object.
  EpochLoader(const BatchBuilder& builder, std::vector<std::size_t> order, std::int64_t epoch,
              std::size_t batch_size, std::size_t first_step, const InputConfig& config);

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
