#include "train/run/trainer.h"

#include <array>
#include <chrono>
#include <utility>

#include "common/core/error.h"
#include "common/core/progress.h"
#include "common/dist/together.h"
#include "common/metrics/confusion_matrix.h"
#include "train/data/epoch_loader.h"
#include "train/data/sampler.h"
#include "train/run/predict.h"

namespace parlando::train {
namespace {

constexpr std::size_t kCheckpointsKept = 2;

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

Trainer::Trainer(const TrainConfig& config, Classifier& model, const SampleSet& train,
                 const ClipFeatures& validation, const at::Tensor& class_weights,
                 Communicators communicators, std::filesystem::path checkpoints)
    : config_(config),
      model_(model),
      train_(train),
      validation_(validation),
      classes_(static_cast<std::size_t>(class_weights.numel())),
      host_(communicators.host),
      checkpoints_(std::move(checkpoints)),
      state_(config, model),
      step_(config, model, state_.flat, state_.adam, class_weights, communicators.host,
            communicators.gradients) {}

std::int64_t Trainer::resume() {
  dist::together(host_, [&] {
    if (!host_.is_root()) return;
    const std::optional<Checkpoint> checkpoint = read_newest_checkpoint(checkpoints_);
    if (checkpoint) state_.restore(*checkpoint);
  });
  state_.share(host_);
  return state_.epoch;
}

void Trainer::write_state() const {
  dist::together(host_, [&] {
    if (host_.is_root()) write_checkpoint(checkpoints_, state_.to_checkpoint(), kCheckpointsKept);
  });
}

TrainingOutcome Trainer::run(const StopRequest& stop,
                             const std::function<void(const EpochMetrics&)>& on_epoch) {
  while (!state_.finished && state_.epoch < config_.epochs) {
    train_epoch(stop);
    on_epoch(finish_epoch());
    write_state();
  }
  state_.use_best();
  return {.epochs = state_.epoch,
          .best_epoch = state_.early_stopping.state().best_epoch,
          .seconds = state_.total_seconds,
          .samples_per_second =
              state_.total_seconds > 0 ? state_.total_samples / state_.total_seconds : 0};
}

void Trainer::train_epoch(const StopRequest& stop) {
  EpochLoader loader(train_, epoch_order(train_.size(), config_.seed, state_.epoch),
                     static_cast<std::size_t>(config_.batch_size),
                     static_cast<std::size_t>(state_.step), host_.rank(), host_.size(),
                     config_.input);
  Progress progress(fmt::format("epoch {}/{}", state_.epoch + 1, config_.epochs),
                    static_cast<std::int64_t>(loader.samples()), "samples", !host_.is_root());
  Clock::time_point mark = Clock::now();
  const double waited_before = state_.data_wait_seconds;
  while (!loader.done()) {
    const StepBatch batch = loader.next();
    const StepResult result =
        step_.run(batch, state_.epoch, state_.learning_rate, stop.requested());
    state_.data_wait_seconds = waited_before + loader.waited();
    state_.loss_sum += result.loss_sum;
    state_.correct += result.correct;
    state_.samples += result.samples;
    ++state_.step;
    state_.epoch_seconds += seconds_since(std::exchange(mark, Clock::now()));
    progress.update(batch.first_position + static_cast<std::int64_t>(batch.global_size),
                    fmt::format("loss {:.4f}", state_.loss_sum / state_.samples));
    if (result.stop_requested) {
      progress.finish();
      write_state();
      dist::fail_together(
          host_, ErrorKind::stopped,
          fmt::format("stopped on request in epoch {} after {} steps; a checkpoint is written, "
                      "run the same command again to continue",
                      state_.epoch + 1, state_.step));
    }
  }
}

EpochMetrics Trainer::finish_epoch() {
  const Clock::time_point start = Clock::now();
  std::array<double, 1> waited{state_.data_wait_seconds};
  host_.all_reduce(std::span(waited), dist::ReduceOp::max);
  const Probabilities probabilities = predict(model_, validation_, classes_, host_);
  metrics::ConfusionMatrix confusion(classes_);
  for (std::size_t i = 0; i < validation_.size(); ++i) {
    confusion.add(static_cast<std::size_t>(validation_.clips()[i].label), probabilities.best(i));
  }
  EpochMetrics metrics{
      .epoch = state_.epoch + 1,
      .train_loss = state_.loss_sum / state_.samples,
      .train_accuracy = state_.correct / state_.samples,
      .validation_loss = mean_loss(probabilities, validation_, config_.loss.label_smoothing),
      .validation_accuracy = confusion.accuracy(),
      .validation_uar = confusion.uar(),
      .learning_rate = state_.learning_rate,
      .seconds = state_.epoch_seconds + seconds_since(start),
      .samples_per_second = state_.samples / state_.epoch_seconds,
      .data_wait = waited[0] / state_.epoch_seconds,
      .best = false};
  metrics.best =
      state_.early_stopping.observe(metrics.validation_loss, static_cast<int>(metrics.epoch));
  if (metrics.best) state_.keep_best();
  state_.learning_rate = state_.plateau.next_rate(metrics.validation_loss, state_.learning_rate);
  state_.total_seconds += metrics.seconds;
  state_.total_samples += state_.samples;
  state_.loss_sum = state_.correct = state_.samples = state_.epoch_seconds =
      state_.data_wait_seconds = 0;
  state_.step = 0;
  ++state_.epoch;
  state_.finished = state_.early_stopping.should_stop() || state_.epoch >= config_.epochs;
  return metrics;
}

}  // namespace parlando::train
