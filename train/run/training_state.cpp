#include "train/run/training_state.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/core/error.h"
#include "train/run/share.h"

namespace parlando::train {
namespace {

constexpr const char* kSource = "checkpoint";

// JSON has no infinity: a best figure that does not exist yet is written as a text.
Json number_or_text(double value) {
  if (std::isfinite(value)) return value;
  return value > 0 ? "inf" : "-inf";
}

double number_from(const Json& json, const std::string& key) {
  const Json value = json_get<Json>(json, key, kSource);
  if (!value.is_string()) return json_get<double>(json, key, kSource);
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  return value.get<std::string>() == "inf" ? kInfinity : -kInfinity;
}

/// What averages and the best epoch's copy hold: all parameters in one vector, and the buffers.
std::vector<NamedTensor> followed_tensors(const FlatParameters& flat, const Classifier& model) {
  std::vector<NamedTensor> tensors{{"parameters", flat.values()}};
  tensors.insert(tensors.end(), model.buffers().begin(), model.buffers().end());
  return tensors;
}

}  // namespace

TrainingState::TrainingState(const TrainConfig& config, Classifier& model,
                             std::size_t epoch_samples, int world_size)
    : batch_size(config.global_batch_size(world_size)),
      length{.epochs = config.epochs,
             .steps_per_epoch =
                 static_cast<std::int64_t>((epoch_samples + batch_size - 1) / batch_size)},
      flat(model.parameters()),
      optimizer(config.optimizer, flat.values()),
      learning_rate(config.schedule, config.base_learning_rate(world_size), length),
      early_stopping(config.early_stopping),
      average(config.averaging, followed_tensors(flat, model)),
      model_(model),
      restore_best_(config.early_stopping.restore_best) {
  for (const NamedTensor& entry : followed_tensors(flat, model)) {
    best_.push_back({"best/" + entry.name, entry.tensor.clone()});
  }
}

void TrainingState::keep_best() {
  best_[0].tensor.copy_(flat.values());
  for (std::size_t i = 0; i < model_.buffers().size(); ++i) {
    best_[i + 1].tensor.copy_(model_.buffers()[i].tensor);
  }
}

void TrainingState::use_result() {
  if (!restore_best_ || early_stopping.state().best_epoch == 0) {
    average.exchange();
    return;
  }
  flat.values().copy_(best_[0].tensor);
  for (std::size_t i = 0; i < model_.buffers().size(); ++i) {
    model_.buffers()[i].tensor.copy_(best_[i + 1].tensor);
  }
}

std::vector<NamedTensor> TrainingState::tensors() const {
  std::vector<NamedTensor> all = followed_tensors(flat, model_);
  for (const std::vector<NamedTensor>& group : {optimizer.slots(), best_, average.tensors()}) {
    all.insert(all.end(), group.begin(), group.end());
  }
  return all;
}

Json TrainingState::scalars() const {
  const ReduceOnPlateau::State& plateau = learning_rate.plateau().state();
  Json layout = Json::array();
  for (const NamedTensor& parameter : model_.parameters()) {
    layout.push_back({{"name", parameter.name}, {"shape", parameter.tensor.sizes().vec()}});
  }
  return {{kLayout, layout},
          {"epoch", epoch},
          {"step", step},
          {"batch_size", batch_size},
          {"optimizer_steps", optimizer.steps()},
          {"averaged", average.count()},
          {"plateau_rate", plateau.rate},
          {"plateau_best", number_or_text(plateau.best)},
          {"plateau_wait", plateau.wait},
          {"plateau_cooldown", plateau.cooldown},
          {"early_stopping_best", number_or_text(early_stopping.state().best)},
          {"early_stopping_wait", early_stopping.state().wait},
          {"best_epoch", early_stopping.state().best_epoch},
          {"loss_sum", loss_sum},
          {"correct", correct},
          {"samples", samples},
          {"skipped", skipped},
          {"epoch_seconds", epoch_seconds},
          {"data_wait_seconds", data_wait_seconds},
          {"total_seconds", total_seconds},
          {"total_samples", total_samples},
          {"finished", finished}};
}

void TrainingState::set_scalars(const Json& json) {
  epoch = json_get<std::int64_t>(json, "epoch", kSource);
  step = json_get<std::int64_t>(json, "step", kSource);
  optimizer.set_steps(json_get<std::int64_t>(json, "optimizer_steps", kSource));
  average.set_count(json_get<std::int64_t>(json, "averaged", kSource));
  learning_rate.plateau().restore({.rate = json_get<double>(json, "plateau_rate", kSource),
                                   .best = number_from(json, "plateau_best"),
                                   .wait = json_get<int>(json, "plateau_wait", kSource),
                                   .cooldown = json_get<int>(json, "plateau_cooldown", kSource)});
  early_stopping.restore({.best = number_from(json, "early_stopping_best"),
                          .best_epoch = json_get<int>(json, "best_epoch", kSource),
                          .wait = json_get<int>(json, "early_stopping_wait", kSource)});
  loss_sum = json_get<double>(json, "loss_sum", kSource);
  correct = json_get<double>(json, "correct", kSource);
  samples = json_get<double>(json, "samples", kSource);
  skipped = json_get<std::int64_t>(json, "skipped", kSource);
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
  const auto stored = json_get<std::size_t>(checkpoint.state, "batch_size", kSource);
  if (stored != batch_size) {
    fail(ErrorKind::artefact,
         "the checkpoint was trained with {} samples a step and this start has {}; start as many "
         "ranks as before, or give another --run folder",
         stored, batch_size);
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
