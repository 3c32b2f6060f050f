#pragma once

#include <cstdint>
#include <span>

#include "common/dist/communicator.h"
#include "train/data/sample_set.h"
#include "train/model/classifier.h"
#include "train/optim/adam.h"
#include "train/optim/gradient_reducer.h"
#include "train/run/train_config.h"

namespace parlando::train {

/// Sums over all ranks of what one step saw.
struct StepResult {
  double loss_sum = 0;  ///< of the samples' weighted losses
  double correct = 0;
  double samples = 0;
  bool stop_requested = false;  ///< on any rank
};

/// One optimisation step on a global batch: each rank takes its share, gradients are sums over all
/// samples divided by the global batch size, so that the step is the same for any number of ranks.
class TrainStep {
 public:
  /// `host` carries counters and batch statistics, `gradients` the gradient buckets; both have the
  /// same ranks. All references must outlive the object.
  TrainStep(const TrainConfig& config, Classifier& model, FlatParameters& flat, Adam& adam,
            const at::Tensor& class_weights, dist::Communicator& host,
            dist::Communicator& gradients);

  /// `global_batch`: sample indices of all ranks; `first_position`: position of the first one in
  /// the epoch. Throws Error(data) on all ranks together when the loss is not finite.
  StepResult run(const SampleSet& samples, std::span<const std::size_t> global_batch,
                 std::int64_t first_position, std::int64_t epoch, double learning_rate,
                 bool stop_requested);

 private:
  const TrainConfig& config_;
  Classifier& model_;
  FlatParameters& flat_;
  Adam& adam_;
  at::Tensor class_weights_;
  dist::Communicator& host_;
  GradientReducer reducer_;
};

}  // namespace parlando::train
