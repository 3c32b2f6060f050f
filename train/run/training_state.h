#pragma once

#include <cstdint>
#include <vector>

#include "common/dist/communicator.h"
#include "train/checkpoint/checkpoint.h"
#include "train/model/classifier.h"
#include "train/optim/adam.h"
#include "train/optim/callbacks.h"
#include "train/optim/flat_parameters.h"
#include "train/run/train_config.h"

namespace parlando::train {

/// Everything of a training run that changes, and that a checkpoint therefore holds.
class TrainingState {
 public:
  TrainingState(const TrainConfig& config, Classifier& model);

  FlatParameters flat;
  Adam adam;
  ReduceOnPlateau plateau;
  EarlyStopping early_stopping;
  double learning_rate;

  std::int64_t epoch = 0;                         ///< epochs completed
  std::int64_t step = 0;                          ///< steps completed of the running epoch
  double loss_sum = 0, correct = 0, samples = 0;  ///< over those steps
  double epoch_seconds = 0;                       ///< spent on those steps
  double data_wait_seconds = 0;                   ///< of these, waiting for batches on this rank
  double total_seconds = 0, total_samples = 0;    ///< of the completed epochs
  bool finished = false;  ///< the last epoch is done, or training stopped early

  /// Copies the present parameters and moving statistics as the best so far, and puts them back.
  void keep_best();
  void use_best();

  Checkpoint to_checkpoint() const;
  /// Throws Error(artefact) if the checkpoint is of another network.
  void restore(const Checkpoint& checkpoint);

  /// Sends rank 0's state to all ranks.
  void share(dist::Communicator& communicator);

 private:
  /// Every tensor of the state under its name in a checkpoint; the tensors are shared, not copied.
  std::vector<NamedTensor> tensors() const;
  Json scalars() const;
  void set_scalars(const Json& json);

  Classifier& model_;
  std::vector<NamedTensor> best_;  ///< copies: "best/parameters" and "best/<buffer>"
};

}  // namespace parlando::train
