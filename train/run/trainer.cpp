#include "train/run/trainer.h"

#include <array>
#include <chrono>
#include <utility>

#include "common/core/error.h"
#include "common/core/log.h"
#include "common/core/progress.h"
#include "common/dist/together.h"
#include "common/metrics/confusion_matrix.h"
#include "train/data/batch_hash.h"
#include "train/run/parameter_check.h"
#include "train/run/predict.h"
#include "train/run/prepared_data.h"
#include "train/run/share.h"

namespace parlando::train {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

Trainer::Trainer(const TrainConfig& config, Classifier& model, const SampleSet& train,
                 const ClipFeatures& validation, const at::Tensor& class_weights,
                 Communicators communicators, const ReplicaFactory& make_replica,
                 const CheckpointStore* store, dist::Watchdog& watchdog)
    : config_(config),
      model_(model),
      train_(train),
      sampler_(make_sampler(config, train)),
      builder_(train, {.augment = config.augment,
                       .seed = config.seed,
                       .parts = config.accumulate,
                       .rank = communicators.host.rank(),
                       .world_size = communicators.host.size(),
                       .trim = config.input.padding == "batch"}),
      validation_(validation),
      classes_(static_cast<std::size_t>(class_weights.numel())),
      host_(communicators.host),
      store_(store),
      watchdog_(watchdog),
      state_(config, model, sampler_.size(), communicators.host.size()),
      step_(config, model, state_.flat, state_.optimizer, class_weights, communicators.host,
            communicators.gradients, make_replica),
      schedule_(config.checkpoint) {}

Resumed Trainer::resume() {
  const auto operation = watchdog_.enter("restoring a checkpoint");
  dist::together(host_, [&] {
    if (store_ == nullptr) return;
    const std::optional<Checkpoint> checkpoint = store_->read_newest();
    if (!checkpoint) return;
    state_.restore(*checkpoint);
    if (checkpoint->world_size != host_.size()) {
      log_info("the checkpoint is of {} rank{}, this run has {}: the result is the same {}",
               checkpoint->world_size, checkpoint->world_size == 1 ? "" : "s", host_.size(),
               config_.distributed.micro_shards > 0
                   ? "bit for bit, by distributed.micro_shards"
                   : "within rounding, not bit for bit (distributed.micro_shards)");
    }
  });
  state_.share(host_);
  step_log_.truncate(state_.epoch, state_.step);
  return {.epoch = state_.epoch, .step = state_.step};
}

void Trainer::write_state() {
  const auto operation = watchdog_.enter("checkpoint");
  dist::together(host_, [&] {
    if (store_ == nullptr) return;
    Checkpoint checkpoint = state_.to_checkpoint();
    checkpoint.world_size = host_.size();
    store_->write(checkpoint);
  });
  schedule_.restart_clock();
}

bool Trainer::any_rank(bool flag) {
  std::array<std::int64_t, 1> value{flag ? 1 : 0};
  host_.all_reduce(std::span(value), dist::ReduceOp::max);
  return value[0] != 0;
}

void Trainer::end_stopped(const char* reason, const char* next) {
  dist::fail_together(
      host_, ErrorKind::stopped,
      fmt::format("stopped {} after epoch {} and {} steps; a checkpoint is written, {}", reason,
                  state_.epoch, state_.step, next));
}

TrainingOutcome Trainer::run(const StopRequest& stop, std::int64_t until_epoch,
                             const std::function<void(const EpochMetrics&)>& on_epoch) {
  const auto at_bound = [&] { return until_epoch > 0 && state_.epoch >= until_epoch; };
  const auto end_at_bound = [&] {
    end_stopped("by --until-epoch", "a larger one or none continues the run");
  };
  while (!state_.finished && state_.epoch < config_.epochs) {
    if (at_bound() && state_.step == 0)
      end_at_bound();  // continued from the checkpoint written there
    train_epoch(stop);
    const EpochMetrics metrics = finish_epoch();
    {
      const auto operation = watchdog_.enter("reporting the epoch");
      dist::together(host_, [&] { on_epoch(metrics); });
    }
    const bool stopping = any_rank(stop.requested() || at_bound()) && !state_.finished;
    if (stopping || state_.finished || schedule_.due_after_epochs(state_.epoch)) write_state();
    if (stopping && at_bound()) end_at_bound();
    if (stopping) end_stopped();
  }
  state_.use_result();
  return {.epochs = state_.epoch,
          .best_epoch = state_.early_stopping.state().best_epoch,
          .seconds = state_.total_seconds,
          .samples_per_second =
              state_.total_seconds > 0 ? state_.total_samples / state_.total_seconds : 0};
}

StepBatch Trainer::next_batch(EpochLoader& loader) {
  const auto operation = watchdog_.enter("data wait");
  return loader.next();
}

EpochLoader Trainer::load_epoch(std::int64_t epoch, std::int64_t first_step) const {
  return {builder_,
          sampler_.order(epoch),
          epoch,
          state_.batch_size,
          static_cast<std::size_t>(first_step),
          config_.input};
}

void Trainer::try_steps(std::size_t steps, StepObserver& observer,
                        const std::function<void()>& on_step) {
  step_.observe(&observer);
  for (std::int64_t epoch = 0; steps > 0; ++epoch) {
    EpochLoader loader = load_epoch(epoch, 0);
    for (; steps > 0 && !loader.done(); --steps) {
      const auto operation = watchdog_.enter("training step");
      const StepBatch batch = next_batch(loader);
      observer.on_phase("data wait");
      step_.run(batch, epoch, state_.learning_rate.at(0), {});
      watchdog_.warmed_up();
      on_step();
    }
  }
  step_.observe(nullptr);
}

Trainer::StateBytes Trainer::state_bytes() const {
  StateBytes bytes;
  for (const NamedTensor& entry : state_.to_checkpoint().tensors) {
    bytes.other += static_cast<std::int64_t>(entry.tensor.nbytes());
  }
  bytes.parameters = static_cast<std::int64_t>(state_.flat.values().nbytes());
  bytes.other -= bytes.parameters;
  return bytes;
}

void Trainer::train_epoch(const StopRequest& stop) {
  EpochLoader loader = load_epoch(state_.epoch, state_.step);
  Progress progress(fmt::format("epoch {}/{}", state_.epoch + 1, config_.epochs),
                    static_cast<std::int64_t>(loader.samples()), "samples", !host_.is_root());
  Clock::time_point mark = Clock::now();
  const double waited_before = state_.data_wait_seconds;
  while (!loader.done()) {
    watchdog_.at(state_.epoch + 1, state_.step + 1);
    const auto operation = watchdog_.enter("training step");
    const StepBatch batch = next_batch(loader);
    const StepResult result = step_.run(
        batch, state_.epoch, state_.learning_rate.at(state_.global_step()),
        {.stop = stop.requested(), .checkpoint = host_.is_root() && schedule_.due_by_time()});
    if (result.skipped) {
      count_skipped(result.reason);
    } else {
      state_.average.after_step();
    }
    state_.data_wait_seconds = waited_before + loader.waited();
    record_step(batch, result);
    watchdog_.warmed_up();
    state_.epoch_seconds += seconds_since(std::exchange(mark, Clock::now()));
    progress.update(batch.first_position + static_cast<std::int64_t>(batch.global_size),
                    fmt::format("loss {:.4f}", state_.loss_sum / state_.samples));
    if (result.requests.stop) progress.finish();
    if (result.requests.stop || result.requests.checkpoint ||
        schedule_.due_after_steps(state_.global_step())) {
      write_state();
    }
    if (result.requests.stop) end_stopped();
  }
}

void Trainer::count_skipped(const char* reason) {
  ++state_.skipped;
  if (!host_.is_root()) return;
  log_warning("epoch {}, step {}: {}; the step is left out", state_.epoch + 1, state_.step + 1,
              reason);
}

ValidationFigures Trainer::validate() {
  if (!config_.sync_batch_norm) {
    for (NamedTensor& buffer : model_.buffers()) broadcast_tensor(buffer.tensor, host_);
  }
  const Probabilities probabilities =
      predict(model_, validation_, classes_, host_, [&] { watchdog_.beat(); });
  metrics::ConfusionMatrix confusion(classes_);
  for (std::size_t i = 0; i < validation_.size(); ++i) {
    confusion.add(static_cast<std::size_t>(validation_.clips()[i].label), probabilities.best(i));
  }
  return {.loss = mean_loss(probabilities, validation_, config_.loss) + step_.penalty(),
          .accuracy = confusion.accuracy(),
          .uar = confusion.uar(),
          .macro_f1 = confusion.macro_f1()};
}

void Trainer::log_step(const StepBatch& batch, const StepResult& result) {
  std::array<std::int64_t, 1> hash{hash_of_samples(batch)};
  host_.all_reduce(std::span(hash), dist::ReduceOp::sum);
  step_log_.append({.epoch = state_.epoch + 1,
                    .step = state_.step + 1,
                    .loss = result.loss_sum / result.samples,
                    .learning_rate = state_.learning_rate.at(state_.global_step()),
                    .samples = static_cast<std::int64_t>(batch.global_size),
                    .batch = hash[0],
                    .skipped = result.reason});
}

void Trainer::record_step(const StepBatch& batch, const StepResult& result) {
  if (config_.log_steps) log_step(batch, result);
  state_.loss_sum += result.loss_sum;
  state_.correct += result.correct;
  state_.samples += result.samples;
  ++state_.step;
  const int every = config_.distributed.check_every;
  if (every == 0 || ++steps_taken_ % every != 0) return;
  // Statistics of each rank's own batches differ.
  const std::vector<NamedTensor> none;
  check_parameters(state_.flat, config_.sync_batch_norm ? model_.buffers() : none, host_,
                   state_.epoch + 1, state_.step);
}

EpochMetrics Trainer::finish_epoch() {
  watchdog_.at(state_.epoch + 1, 0);
  const auto operation = watchdog_.enter("validation");
  const Clock::time_point start = Clock::now();
  std::array<double, 1> waited{state_.data_wait_seconds};
  host_.all_reduce(std::span(waited), dist::ReduceOp::max);
  if (state_.samples == 0) {
    dist::fail_together(host_, ErrorKind::data,
                        fmt::format("no step of epoch {} had a finite loss and finite gradients; "
                                    "lower optimizer.learning_rate",
                                    state_.epoch + 1));
  }
  state_.average.after_epoch();
  EpochMetrics metrics{.epoch = state_.epoch + 1,
                       .train_loss = state_.loss_sum / state_.samples,
                       .train_accuracy = state_.correct / state_.samples,
                       .validation = {},
                       .learning_rate = state_.learning_rate.at(state_.global_step() - 1),
                       .seconds = 0,
                       .samples_per_second = state_.samples / state_.epoch_seconds,
                       .data_wait = waited[0] / state_.epoch_seconds,
                       .skipped = state_.skipped,
                       .best = false};
  {
    const WeightAverage::InUse averaged(state_.average);
    metrics.validation = validate();
    metrics.best =
        state_.early_stopping.observe(metrics.validation, static_cast<int>(metrics.epoch));
    if (metrics.best) state_.keep_best();
  }
  state_.learning_rate.observe(metrics.validation);
  metrics.seconds = state_.epoch_seconds + seconds_since(start);
  state_.total_seconds += metrics.seconds;
  state_.total_samples += state_.samples;
  state_.loss_sum = state_.correct = state_.samples = state_.epoch_seconds =
      state_.data_wait_seconds = 0;
  state_.step = state_.skipped = 0;
  ++state_.epoch;
  state_.finished = state_.early_stopping.should_stop() || state_.epoch >= config_.epochs;
  return metrics;
}

}  // namespace parlando::train
