#pragma once

#include <cstdint>
#include <vector>

#include "common/dist/communicator.h"
#include "train/checkpoint/checkpoint.h"
#include "train/model/classifier.h"
#include "train/optim/early_stopping.h"
#include "train/optim/flat_parameters.h"
#include "train/optim/learning_rate.h"
#include "train/optim/optimizer.h"
#include "train/optim/weight_average.h"
#include "train/run/train_config.h"

namespace parlando::train {

/// Key of a checkpoint's state: names and shapes of the tensors in its flat parameters, in order.
inline constexpr const char* kLayout = "layout";

/// Everything of a training run that changes, and that a checkpoint therefore holds.
class TrainingState {
 public:
  /// `samples` of an epoch.
  TrainingState(const TrainConfig& config, Classifier& model, std::size_t samples, int world_size);

  std::size_t batch_size;  ///< of all ranks together
  TrainingLength length;
  FlatParameters flat;
  Optimizer optimizer;
  LearningRate learning_rate;
  EarlyStopping early_stopping;
  WeightAverage average;

  std::int64_t epoch = 0;                         ///< epochs completed
  std::int64_t step = 0;                          ///< steps completed of the running epoch
  double loss_sum = 0, correct = 0, samples = 0;  ///< over those steps, the skipped ones left out
  std::int64_t skipped = 0;                       ///< steps of the epoch that were left out
  double epoch_seconds = 0;                       ///< spent on those steps
  double data_wait_seconds = 0;                   ///< of these, waiting for batches on this rank
  double total_seconds = 0, total_samples = 0;    ///< of the completed epochs
  bool finished = false;  ///< the last epoch is done, or training stopped early

  /// Number of the next step over the whole training, from 0.
  std::int64_t global_step() const { return epoch * length.steps_per_epoch + step; }

  /// Copies the model's present parameters and moving statistics as the best so far.
  void keep_best();
  /// Puts the weights into the model that the training ends with: those kept as the best, or the
  /// last ones (averaged, if averages are made).
  void use_result();

  Checkpoint to_checkpoint() const;
  /// Throws Error(artefact) if the checkpoint is of another network or batch size.
  void restore(const Checkpoint& checkpoint);

  /// Sends rank 0's state to all ranks.
  void share(dist::Communicator& communicator);

 private:
  /// Every tensor of the state under its name in a checkpoint; the tensors are shared, not copied.
  std::vector<NamedTensor> tensors() const;
  Json scalars() const;
  void set_scalars(const Json& json);

  Classifier& model_;
  bool restore_best_;
  std::vector<NamedTensor> best_;  ///< copies: "best/parameters" and "best/<buffer>"
};

}  // namespace parlando::train
