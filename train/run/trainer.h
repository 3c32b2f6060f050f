#pragma once

#include <cstdint>
#include <functional>
#include <utility>

#include "common/core/signals.h"
#include "common/dist/communicator.h"
#include "common/dist/watchdog.h"
#include "train/checkpoint/checkpoint_schedule.h"
#include "train/checkpoint/checkpoint_store.h"
#include "train/data/epoch_loader.h"
#include "train/data/sample_set.h"
#include "train/data/sampler.h"
#include "train/model/classifier.h"
#include "train/run/step_log.h"
#include "train/run/train_config.h"
#include "train/run/train_step.h"
#include "train/run/training_state.h"

namespace parlando::train {

/// A line of metrics.jsonl.
struct EpochMetrics {
  std::int64_t epoch = 0;  ///< from 1
  double train_loss = 0, train_accuracy = 0;
  ValidationFigures validation;
  double learning_rate = 0;  ///< of the epoch's last step
  double seconds = 0;
  double samples_per_second = 0;
  double data_wait = 0;  ///< share of the steps' time that the slowest rank waited for its batches
  std::int64_t skipped = 0;  ///< steps left out, as their loss or gradients were not finite
  bool best = false;         ///< its weights are those kept so far
};

struct TrainingOutcome {
  std::int64_t epochs = 0;
  std::int64_t best_epoch = 0;
  double seconds = 0;             ///< of training steps and validation
  double samples_per_second = 0;  ///< trained on in those seconds
};

/// Where a run that continues stands: completed epochs, and steps of the one after those.
struct Resumed {
  std::int64_t epoch = 0, step = 0;
};

/// The groups of ranks that a run works with; both have the same ranks.
struct Communicators {
  dist::Communicator& host;       ///< counters, batch statistics, predictions
  dist::Communicator& gradients;  ///< gradient buckets, on the device
};

/// The training loop. Every rank runs one; rank 0 alone writes.
class Trainer {
 public:
  /// `class_weights` [classes] float64. `store` is null on all ranks but 0. References must outlive
  /// the object.
  Trainer(const TrainConfig& config, Classifier& model, const SampleSet& train,
          const ClipFeatures& validation, const at::Tensor& class_weights,
          Communicators communicators, const ReplicaFactory& make_replica,
          const CheckpointStore* store, dist::Watchdog& watchdog);

  /// Where later steps are written down; on rank 0 alone.
  void log_steps(StepLog log) { step_log_ = std::move(log); }

  /// Continues from the newest checkpoint, if there is one.
  Resumed resume();

  /// Trains until the last epoch or until early stopping ends it, then puts the weights to keep
  /// into the model. Writes checkpoints as configured and at the end. `on_epoch` is called on every
  /// rank, and what it throws ends all of them. Throws Error(stopped) after a checkpoint when a
  /// signal asked any rank to stop, or when `until_epoch` epochs are done and more would follow (0
  /// = no such bound).
  TrainingOutcome run(const StopRequest& stop, std::int64_t until_epoch,
                      const std::function<void(const EpochMetrics&)>& on_epoch);

  /// Runs `steps` steps of the first epochs for the sake of measuring, `on_step` after each; writes
  /// nothing.
  void try_steps(
      std::size_t steps, StepObserver& observer, const std::function<void()>& on_step = [] {});

  /// Parameters, and all else that a checkpoint holds: the optimiser's state, weights kept.
  struct StateBytes {
    std::int64_t parameters = 0, other = 0;
  };
  StateBytes state_bytes() const;
  std::size_t samples_per_epoch() const { return sampler_.size(); }
  std::size_t batch_size() const { return state_.batch_size; }  ///< of all ranks together

 private:
  StepBatch next_batch(EpochLoader& loader);
  EpochLoader load_epoch(std::int64_t epoch, std::int64_t first_step) const;
  void train_epoch(const StopRequest& stop);
  void record_step(const StepBatch& batch, const StepResult& result);
  void log_step(const StepBatch& batch, const StepResult& result);
  EpochMetrics finish_epoch();
  ValidationFigures validate();
  void count_skipped(const char* reason);
  void write_state();
  bool any_rank(bool flag);
  /// `reason` stands behind "stopped", `next` says how to go on.
  [[noreturn]] void end_stopped(const char* reason = "on request",
                                const char* next = "run the same command again to continue");

  const TrainConfig& config_;
  Classifier& model_;
  const SampleSet& train_;
  EpochSampler sampler_;
  BatchBuilder builder_;
  const ClipFeatures& validation_;
  std::size_t classes_;
  dist::Communicator& host_;
  const CheckpointStore* store_;
  dist::Watchdog& watchdog_;
  TrainingState state_;
  TrainStep step_;
  StepLog step_log_{std::filesystem::path()};
  std::int64_t steps_taken_ = 0;  ///< by this process
  CheckpointSchedule schedule_;
};

}  // namespace parlando::train
