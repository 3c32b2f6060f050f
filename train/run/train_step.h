#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "common/dist/communicator.h"
#include "train/data/epoch_loader.h"
#include "train/model/classifier.h"
#include "train/optim/l2_penalty.h"
#include "train/optim/optimizer.h"
#include "train/run/gradient_pass.h"
#include "train/run/micro_shards.h"

namespace parlando::train {

/// What a rank wants to happen after a step, and all ranks then do.
struct StepRequests {
  bool stop = false;
  bool checkpoint = false;
};

/// Sums over all ranks of what one step saw.
struct StepResult {
  double loss_sum = 0;  ///< of the samples' weighted losses, each with the L2 penalty
  double correct = 0;
  double samples = 0;
  bool skipped = false;     ///< loss or gradients were not finite; nothing was changed
  const char* reason = "";  ///< which of them, if the step was left out
  StepRequests requests;    ///< of any rank
};

/// One optimisation step on a global batch: each rank takes its share, gradients are sums over all
/// samples divided by the global batch size, so that the step is the same for any number of ranks.
class TrainStep {
 public:
  /// `host` carries counters and batch statistics, `gradients` the gradient buckets; both have the
  /// same ranks. All references must outlive the object.
  TrainStep(const TrainConfig& config, Classifier& model, FlatParameters& flat,
            Optimizer& optimizer, const at::Tensor& class_weights, dist::Communicator& host,
            dist::Communicator& gradients, const ReplicaFactory& make_replica);

  /// `batch`: this rank's part of the global batch. When loss or gradients are not finite, all
  /// ranks together leave the step out or throw Error(data), as config.on_non_finite says.
  StepResult run(const StepBatch& batch, std::int64_t epoch, double learning_rate,
                 StepRequests requests);

  /// The part of the loss that the parameters themselves are, as they stand.
  double penalty() const { return penalty_.value(); }

  /// Tells `observer` of every part of later steps; null: nobody. It must outlive them.
  void observe(StepObserver* observer) { observer_ = observer; }

 private:
  void ended(std::string_view phase) const;
  /// Moving statistics, to go back to if the step is left out.
  std::vector<at::Tensor> copy_buffers() const;
  void restore_buffers(const std::vector<at::Tensor>& copies);

  const TrainConfig& config_;
  Classifier& model_;
  FlatParameters& flat_;
  L2Penalty penalty_;
  Optimizer& optimizer_;
  dist::Communicator& host_;
  std::optional<GradientPass> whole_;  // one of the two computes the gradients
  std::optional<MicroShards> micro_shards_;
  StepObserver* observer_ = nullptr;
};

}  // namespace parlando::train
