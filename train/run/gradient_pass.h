#pragma once

#include <cstdint>
#include <span>

#include "common/dist/communicator.h"
#include "train/data/epoch_loader.h"
#include "train/model/classifier.h"
#include "train/optim/flat_parameters.h"
#include "train/optim/gradient_reducer.h"
#include "train/run/train_config.h"

namespace parlando::train {

/// Sums over all ranks of what one pass saw.
struct PassSums {
  double loss = 0;  ///< of the samples' weighted losses
  double correct = 0;
  double samples = 0;
};

/// Forward and backward through one network: afterwards its gradients are the sums over all ranks'
/// shares, divided by the global batch size.
class GradientPass {
 public:
  /// `host` carries counters and batch statistics, `gradients` the gradient buckets; both have the
  /// same ranks. All references must outlive the object.
  GradientPass(const TrainConfig& config, Classifier& model, FlatParameters& flat,
               const at::Tensor& class_weights, dist::Communicator& host,
               dist::Communicator& gradients);

  /// `batch`: this rank's part of the global batch. `observer` hears of the pass; null: nobody.
  PassSums run(const StepBatch& batch, std::int64_t epoch, StepObserver* observer);

 private:
  at::Tensor forward(const at::Tensor& features, const ForwardContext& context) const;
  /// Forward and backward of one part; adds its loss, correct predictions and samples.
  void compute(const BatchPart& part, const StepBatch& batch, std::int64_t epoch,
               StepObserver* observer, std::span<double, 3> sums);

  const TrainConfig& config_;
  Classifier& model_;
  FlatParameters& flat_;
  at::Tensor class_weights_;
  dist::Communicator& host_;
  GradientReducer reducer_;
};

}  // namespace parlando::train
