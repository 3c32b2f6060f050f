#pragma once

#include <cstdint>
#include <string_view>

#include "common/dist/communicator.h"
#include "train/data/epoch_loader.h"
#include "train/model/classifier.h"
#include "train/optim/adam.h"
#include "train/optim/gradient_reducer.h"
#include "train/run/train_config.h"

namespace parlando::train {

/// What a rank wants to happen after a step, and all ranks then do.
struct StepRequests {
  bool stop = false;
  bool checkpoint = false;
};

/// Sums over all ranks of what one step saw.
struct StepResult {
  double loss_sum = 0;  ///< of the samples' weighted losses
  double correct = 0;
  double samples = 0;
  StepRequests requests;  ///< of any rank
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

  /// `batch`: this rank's part of the global batch. Throws Error(data) on all ranks together when
  /// the loss is not finite.
  StepResult run(const StepBatch& batch, std::int64_t epoch, double learning_rate,
                 StepRequests requests);

  /// Tells `observer` of every part of later steps; null: nobody. It must outlive them.
  void observe(StepObserver* observer) { observer_ = observer; }

 private:
  void ended(std::string_view phase) const;

  const TrainConfig& config_;
  Classifier& model_;
  FlatParameters& flat_;
  Adam& adam_;
  at::Tensor class_weights_;
  dist::Communicator& host_;
  GradientReducer reducer_;
  StepObserver* observer_ = nullptr;
};

}  // namespace parlando::train
