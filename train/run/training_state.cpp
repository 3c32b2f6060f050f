#include "train/run/training_state.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/core/error.h"
#include "train/run/share.h"

namespace parlando::train {
namespace {

constexpr const char* kSource = "checkpoint";

// JSON has no infinity: a best loss that does not exist yet is written as null.
Json finite_or_null(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

double number_or_infinity(const Json& json, const std::string& key) {
  const Json value = json_get<Json>(json, key, kSource);
  return value.is_null() ? std::numeric_limits<double>::infinity() : value.get<double>();
}

}  // namespace

TrainingState::TrainingState(const TrainConfig& config, Classifier& model)
    : flat(model.parameters()),
      adam(config.optimizer, flat.values()),
      plateau(config.reduce_on_plateau),
      early_stopping(config.early_stopping),
      learning_rate(config.optimizer.learning_rate),
      model_(model) {
  best_.push_back({"best/parameters", flat.values().clone()});
  for (const NamedTensor& buffer : model.buffers()) {
    best_.push_back({"best/" + buffer.name, buffer.tensor.clone()});
  }
}

void TrainingState::keep_best() {
  best_[0].tensor.copy_(flat.values());
  for (std::size_t i = 0; i < model_.buffers().size(); ++i) {
    best_[i + 1].tensor.copy_(model_.buffers()[i].tensor);
  }
}

void TrainingState::use_best() {
  flat.values().copy_(best_[0].tensor);
  for (std::size_t i = 0; i < model_.buffers().size(); ++i) {
    model_.buffers()[i].tensor.copy_(best_[i + 1].tensor);
  }
}

std::vector<NamedTensor> TrainingState::tensors() const {
  std::vector<NamedTensor> all{{"parameters", flat.values()},
                               {"first_moment", adam.first_moment()},
                               {"second_moment", adam.second_moment()}};
  for (const NamedTensor& buffer : model_.buffers()) all.push_back(buffer);
  all.insert(all.end(), best_.begin(), best_.end());
  return all;
}

Json TrainingState::scalars() const {
  return {{"epoch", epoch},
          {"step", step},
          {"learning_rate", learning_rate},
          {"adam_steps", adam.steps()},
          {"plateau_best", finite_or_null(plateau.state().best)},
          {"plateau_wait", plateau.state().wait},
          {"early_stopping_best", finite_or_null(early_stopping.state().best)},
          {"early_stopping_wait", early_stopping.state().wait},
          {"best_epoch", early_stopping.state().best_epoch},
          {"loss_sum", loss_sum},
          {"correct", correct},
          {"samples", samples},
          {"epoch_seconds", epoch_seconds},
          {"data_wait_seconds", data_wait_seconds},
          {"total_seconds", total_seconds},
          {"total_samples", total_samples},
          {"finished", finished}};
}

void TrainingState::set_scalars(const Json& json) {
  epoch = json_get<std::int64_t>(json, "epoch", kSource);
  step = json_get<std::int64_t>(json, "step", kSource);
  learning_rate = json_get<double>(json, "learning_rate", kSource);
  adam.set_steps(json_get<std::int64_t>(json, "adam_steps", kSource));
  plateau.restore({.best = number_or_infinity(json, "plateau_best"),
                   .wait = json_get<int>(json, "plateau_wait", kSource)});
  early_stopping.restore({.best = number_or_infinity(json, "early_stopping_best"),
                          .best_epoch = json_get<int>(json, "best_epoch", kSource),
                          .wait = json_get<int>(json, "early_stopping_wait", kSource)});
  loss_sum = json_get<double>(json, "loss_sum", kSource);
  correct = json_get<double>(json, "correct", kSource);
  samples = json_get<double>(json, "samples", kSource);
  epoch_seconds = json_get<double>(json, "epoch_seconds", kSource);
  data_wait_seconds = json_get<double>(json, "data_wait_seconds", kSource);
  total_seconds = json_get<double>(json, "total_seconds", kSource);
  total_samples = json_get<double>(json, "total_samples", kSource);
  finished = json_get<bool>(json, "finished", kSource);
}

Checkpoint TrainingState::to_checkpoint() const {
  return {.epoch = epoch,
          .step = step,
          .best_epoch = early_stopping.state().best_epoch,
          .tensors = tensors(),
          .state = scalars()};
}

void TrainingState::restore(const Checkpoint& checkpoint) {
  std::vector<NamedTensor> own = tensors();
  if (checkpoint.tensors.size() != own.size()) {
    fail(ErrorKind::artefact, "the checkpoint is of another network; give another --run folder");
  }
  for (NamedTensor& target : own) {
    const auto found = std::ranges::find(checkpoint.tensors, target.name, &NamedTensor::name);
    if (found == checkpoint.tensors.end() || found->tensor.sizes() != target.tensor.sizes() ||
        found->tensor.scalar_type() != target.tensor.scalar_type()) {
      fail(ErrorKind::artefact,
           "the checkpoint's tensor '{}' does not fit the network; give another --run folder",
           target.name);
    }
    target.tensor.copy_(found->tensor);
  }
  set_scalars(checkpoint.state);
}

void TrainingState::share(dist::Communicator& communicator) {
  for (NamedTensor& entry : tensors()) broadcast_tensor(entry.tensor, communicator);
  std::string text = scalars().dump();
  broadcast_text(text, communicator);
  set_scalars(parse_json(text, kSource));
}

}  // namespace parlando::train
