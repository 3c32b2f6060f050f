#include "train/run/train_job.h"

#include <memory>
#include <optional>

#include "common/core/error.h"
#include "common/core/log.h"
#include "common/core/memory.h"
#include "common/core/progress.h"
#include "common/core/text.h"
#include "common/dist/job.h"
#include "common/dist/placement.h"
#include "common/dist/together.h"
#include "common/dist/watched_communicator.h"
#include "common/io/file_lock.h"
#include "common/metrics/evaluation.h"
#include "common/report/run_report.h"
#include "train/checkpoint/checkpoint_store.h"
#include "train/data/input_fit.h"
#include "train/data/memory_limit.h"
#include "train/kernels/cpu_kernels.h"
#include "train/run/device.h"
#include "train/run/metrics_log.h"
#include "train/run/model_folder.h"
#include "train/run/predict.h"
#include "train/run/prepared_data.h"
#include "train/run/run_folder.h"
#include "train/run/run_result.h"
#include "train/run/share.h"
#include "train/run/start_weights.h"
#include "train/run/trainer.h"

namespace parlando::train {
namespace {

/// One run, from a dataset to its result; the steps of run_train_job share it.
class TrainJob {
 public:
  TrainJob(const TrainJobOptions& options, const dist::LaunchEnvironment& launch,
           const RankContext& context)
      : options_(options),
        config_(options.config),
        launch_(launch),
        context_(context),
        host_(context.host) {}

  Json run();
  Json measure(const std::function<Json(const ReadyJob&)>& body);

 private:
  void open_data();
  RunStatus open();
  void open_store();
  void require_same_identity();
  void load();
  TrainingOutcome train();
  Json validate(const TrainingOutcome& outcome);
  Json test(const TrainingOutcome& outcome);
  const char* result_file() const {
    return options_.test ? run_files::kResult : run_files::kValidation;
  }
  Classifier make_model() const;
  void check_data() const;
  void report_epoch(const EpochMetrics& metrics);
  ModelDescription describe_model() const;
  Json result(const metrics::Evaluation& evaluation, const TrainingOutcome& outcome) const;

  const TrainJobOptions& options_;
  const TrainConfig& config_;
  const dist::LaunchEnvironment& launch_;
  const RankContext& context_;
  dist::Communicator& host_;
  std::optional<FolderLock> lock_;
  std::optional<RunFence> fence_;         // of rank 0
  std::optional<CheckpointStore> store_;  // of rank 0
  std::optional<data::Dataset> dataset_;
  data::Split split_;
  RunIdentity identity_;
  Json audit_;
  PreparedData data_;
  at::Tensor class_weights_;
  std::optional<Classifier> model_;
  std::optional<MetricsLog> metrics_log_;  ///< on rank 0
};

void TrainJob::open_data() {
  // The ranks of a host share the work, and all know that it is done before any opens a file.
  const dist::HostShare own = dist::share_of_host(host_);
  dist::together(host_, [&] { data::check_shards(options_.data, own.rank, own.size); });
  dist::together(host_, [&] {
    dataset_.emplace(data::Dataset::open_checked(options_.data));
    if (config_.protocol.permute_labels) dataset_->permute_labels(config_.seed);
    split_ = choose_split(*dataset_, config_);
    identity_ = identify(*dataset_, split_, config_);
  });
  require_same_identity();
}

RunStatus TrainJob::open() {
  const auto operation = context_.watchdog.enter("opening the run");
  open_data();
  RunStatus status = RunStatus::absent;
  dist::together(host_, [&] {
    if (!host_.is_root()) return;
    const dist::JobStart job = dist::detect_job();
    lock_.emplace(options_.run, LockOptions{.job = job.job, .restart = job.restart});
    status = claim_run_folder(options_.run,
                              {.config = config_,
                               .data_folder = options_.data,
                               .split = split_,
                               .identity = identity_,
                               .result_file = result_file()},
                              options_.replace);
    if (status != RunStatus::finished) open_store();
  });
  std::array<std::int64_t, 1> shared{static_cast<std::int64_t>(status)};
  host_.broadcast(std::span(shared), 0);
  return static_cast<RunStatus>(shared[0]);
}

void TrainJob::open_store() {
  fence_.emplace(options_.run, dist::detect_job());
  store_.emplace(options_.run / run_files::kCheckpoints, config_.checkpoint,
                 Json{{"configuration", identity_.config_hash},
                      {"dataset", identity_.data_hash},
                      {"split", identity_.split_hash}},
                 *fence_, context_.watchdog);
}

void TrainJob::require_same_identity() {
  const std::string own = config_.rank_hash() + identity_.data_hash + identity_.split_hash;
  std::string root = own;
  broadcast_text(root, host_);
  dist::together(host_, [&] {
    if (own == root) return;
    fail(ErrorKind::distributed,
         "rank {} has another configuration, dataset or split than rank 0; give all ranks the same "
         "arguments and the same files",
         host_.rank());
  });
}

void TrainJob::load() {
  const auto operation = context_.watchdog.enter("loading data");
  const int threads = threads_per_rank(config_.threads, launch_);
  at::set_num_threads(kernel_threads(config_, threads));
  const bool writes = !options_.run.empty();
  std::int64_t memory = 0;
  dist::together(host_, [&] {
    if (writes) open_rank_log(options_.run, launch_);
    memory = memory_limit(config_.input.memory, machine_memory(), launch_.local_size);
    if (host_.is_root()) {
      const data::Audit audit = data::audit_split(dataset_->corpus(), split_);
      if (!audit.clean()) {
        fail(ErrorKind::data,
             "the split has relations between its sides that its protocol does not tolerate; "
             "'parlando audit --data {}' lists them",
             options_.data.string());
      }
      audit_ = data::audit_to_json(audit);
    }
    if (writes && host_.is_root()) {
      write_run_start(options_.run, {.config = config_,
                                     .data_folder = options_.data,
                                     .dataset = dataset_->manifest(),
                                     .identity = identity_,
                                     .split = split_,
                                     .audit = audit_,
                                     .command = options_.command,
                                     .launch = launch_,
                                     .threads = threads});
    }
  });
  data_ = prepare_data(*dataset_, split_, config_, memory, host_);
  dist::together(host_, [&] {
    const data::DatasetManifest& manifest = dataset_->manifest();
    if (host_.is_root()) check_data();
    class_weights_ = class_weights(config_, *data_.train, manifest.classes);
    model_.emplace(make_model());
  });
  const std::vector<dist::Placement> placements =
      dist::gather_placements(host_, dist::placement_here(device_of(config_, launch_).str()));
  if (host_.is_root()) {
    config_.protocol.warn();
    if (config_.precision == "bfloat16" && config_.device == "cpu" && !has_fast_bfloat16()) {
      log_warning(
          "precision=bfloat16, but this processor has no AVX512_BF16: training will be slower than "
          "with float32");
    }
    if (host_.size() > 1)
      log_info("ranks, connected by {}\n{}", host_.backend(), placement_table(placements));
    log_info(
        "{}: {} training samples ({} clips), {} validation clips, {} parameters, {} rank{} x {} "
        "thread{}",
        config_.name, data_.train->size(), data_.train->clips(), data_.validation->size(),
        model_->count().trainable, host_.size(), host_.size() == 1 ? "" : "s", threads,
        threads == 1 ? "" : "s");
  }
}

/// Of rank 0. What may be a mistake is said before hours are spent on it.
void TrainJob::check_data() const {
  const std::vector<std::string> absent =
      absent_classes(*data_.train, dataset_->manifest().classes);
  if (!absent.empty()) log_warning("the training side has no clip of: {}", join_text(absent, ", "));
  const std::size_t frames = data_.normalization.frames;
  const SideRows rows = find_side_rows(*dataset_, split_, data::Side::train, false);
  const InputFit fit = fit_input(*dataset_, rows.clips, frames);
  log_info("input: {} frames x {} rows, from {}", frames, data_.normalization.rows,
           describe_fit(fit));
  if (fit.is_doubtful()) {
    log_warning(
        "the clips hardly fit input.frames={}; is {} the dataset of another recipe than {}?",
        frames, options_.data.string(), config_.name);
  }
}

Classifier TrainJob::make_model() const {
  const InputShape shape{static_cast<std::int64_t>(data_.normalization.frames),
                         static_cast<std::int64_t>(data_.normalization.rows)};
  Classifier model(config_.model, shape,
                   static_cast<std::int64_t>(dataset_->manifest().classes.size()), config_.seed);
  apply_start(config_.start, model);
  model.to(config_.precision == "float64" ? at::kDouble : at::kFloat, device_of(config_, launch_));
  return model;
}

void TrainJob::report_epoch(const EpochMetrics& m) {
  log_debug("rank {}: epoch {} done after {:.3f} s, data wait {:.2f} %, {} of {} clips in memory",
            host_.rank(), m.epoch, m.seconds, 100 * m.data_wait, data_.train->kept(),
            data_.train->readable());
  if (!metrics_log_) return;
  fence_->check();
  metrics_log_->append(m);
  log_info(
      "epoch {:>3}/{}  loss {:.4f}  acc {:.3f}  val_loss {:.4f}  val_acc {:.3f}  val_uar {:.3f}  "
      "lr {:.2e}  "
      "{:.0f} samples/s  data wait {:.1f} %  {}  at most {} to go{}",
      m.epoch, config_.epochs, m.train_loss, m.train_accuracy, m.validation.loss,
      m.validation.accuracy, m.validation.uar, m.learning_rate, m.samples_per_second,
      100 * m.data_wait, format_duration(m.seconds),
      format_duration(m.seconds * static_cast<double>(config_.epochs - m.epoch)),
      m.best ? "  *" : "");
}

TrainingOutcome TrainJob::train() {
  const std::unique_ptr<dist::Communicator> device_group =
      make_gradient_communicator(config_, launch_, host_);
  const std::unique_ptr<dist::Communicator> watched_group =
      device_group ? dist::watch(*device_group, context_.watchdog) : nullptr;
  const Communicators communicators{host_, watched_group ? *watched_group : host_};
  Trainer trainer(
      config_, *model_, *data_.train, *data_.validation, class_weights_, communicators,
      [&] { return make_model(); }, store_ ? &*store_ : nullptr, context_.watchdog);
  if (config_.log_steps && host_.is_root())
    trainer.log_steps(StepLog(options_.run / run_files::kSteps));
  const Resumed resumed = trainer.resume();
  dist::together(host_, [&] {
    if (host_.is_root())
      metrics_log_.emplace(options_.run, resumed.epoch, dump_train_config(config_));
  });
  if ((resumed.epoch > 0 || resumed.step > 0) && host_.is_root())
    log_info("continuing after epoch {} and {} steps", resumed.epoch, resumed.step);
  const TrainingOutcome outcome =
      trainer.run(context_.stop, options_.until_epoch,
                  [&](const EpochMetrics& metrics) { report_epoch(metrics); });
  model_->to(model_->parameters().front().tensor.scalar_type(), at::kCPU);
  return outcome;
}

ModelDescription TrainJob::describe_model() const {
  const data::DatasetManifest& manifest = dataset_->manifest();
  return {.name = config_.name,
          .classes = manifest.classes,
          .recipe = manifest.recipe,
          .row_names = manifest.row_names,
          .input = {static_cast<std::int64_t>(data_.normalization.frames),
                    static_cast<std::int64_t>(data_.normalization.rows)},
          .model = config_.model,
          .normalization = data_.normalization,
          .data_hash = manifest.id};
}

Json TrainJob::result(const metrics::Evaluation& evaluation, const TrainingOutcome& outcome) const {
  return result_to_json({.evaluation = evaluation,
                         .outcome = outcome,
                         .seed = config_.seed,
                         .split = split_,
                         .identity = identity_,
                         .dataset = dataset_->manifest(),
                         .audit = audit_,
                         .world_size = host_.size(),
                         .parameters = model_->count().total,
                         .protocol = config_.protocol});
}

Json TrainJob::validate(const TrainingOutcome& outcome) {
  const auto operation = context_.watchdog.enter("validating the weights kept");
  const std::vector<std::string>& classes = dataset_->manifest().classes;
  const Probabilities probabilities =
      predict(*model_, *data_.validation, classes.size(), host_, [&] { context_.watchdog.beat(); });
  Json result_json;
  dist::together(host_, [&] {
    if (!host_.is_root()) return;
    fence_->check();
    write_model_folder(options_.run / run_files::kModel, describe_model(), *model_);
    const std::vector<metrics::Prediction> predictions =
        to_predictions(probabilities, *data_.validation, *dataset_);
    metrics::write_predictions(options_.run / run_files::predictions(data::Side::validation),
                               predictions);
    result_json = result(metrics::evaluate_predictions(predictions, classes), outcome);
    write_json(options_.run / run_files::kValidation, result_json);
    if (!options_.test) report::write_run_report(options_.run, options_.run / run_files::kReport);
  });
  return result_json;
}

Json TrainJob::test(const TrainingOutcome& outcome) {
  const auto operation = context_.watchdog.enter("testing");
  std::optional<ClipFeatures> features;
  MemoryBudget none(0);  // every clip is read once
  dist::together(host_, [&] {
    if (host_.is_root()) {
      fence_->check();
      log_test_read(options_.run, "train", "evaluation after training", split_.test.size());
    }
    features.emplace(open_side(*dataset_, split_, data::Side::test, data_.normalization, none));
  });
  const std::vector<std::string>& classes = dataset_->manifest().classes;
  const Probabilities probabilities =
      predict(*model_, *features, classes.size(), host_, [&] { context_.watchdog.beat(); });
  Json result_json;
  dist::together(host_, [&] {
    if (!host_.is_root()) return;
    fence_->check();
    const std::vector<metrics::Prediction> predictions =
        to_predictions(probabilities, *features, *dataset_);
    metrics::write_predictions(options_.run / run_files::predictions(data::Side::test),
                               predictions);
    result_json = result(metrics::evaluate_predictions(predictions, classes), outcome);
    write_json(options_.run / run_files::kResult, result_json);
    report::write_run_report(options_.run, options_.run / run_files::kReport);
  });
  return result_json;
}

Json TrainJob::run() {
  if (open() == RunStatus::finished) {
    if (!host_.is_root()) return {};
    log_info("{}: already finished, nothing to do", options_.run.string());
    const std::filesystem::path report = options_.run / run_files::kReport;
    if (!std::filesystem::exists(report / "index.html"))
      report::write_run_report(options_.run, report);
    return read_json(options_.run / result_file());
  }
  load();
  const TrainingOutcome outcome = train();
  const Json validation = validate(outcome);
  return options_.test ? test(outcome) : validation;
}

Json TrainJob::measure(const std::function<Json(const ReadyJob&)>& body) {
  open_data();
  load();
  const std::unique_ptr<dist::Communicator> device_group =
      make_gradient_communicator(config_, launch_, host_);
  const std::unique_ptr<dist::Communicator> watched_group =
      device_group ? dist::watch(*device_group, context_.watchdog) : nullptr;
  Trainer trainer(
      config_, *model_, *data_.train, *data_.validation, class_weights_,
      {host_, watched_group ? *watched_group : host_}, [&] { return make_model(); }, nullptr,
      context_.watchdog);
  return body({.config = config_,
               .model = *model_,
               .data = data_,
               .trainer = trainer,
               .host = host_,
               .device = device_of(config_, launch_),
               .threads = threads_per_rank(config_.threads, launch_)});
}

}  // namespace

Json measure_job(const TrainJobOptions& options, const dist::LaunchEnvironment& launch,
                 const RankContext& context, const std::function<Json(const ReadyJob&)>& body) {
  return TrainJob(options, launch, context).measure(body);
}

Json run_train_job(const TrainJobOptions& options, const dist::LaunchEnvironment& launch,
                   const RankContext& context) {
  try {
    return TrainJob(options, launch, context).run();
  } catch (const std::exception& error) {
    log_debug("rank {} ends: {}", context.host.rank(),
              *error.what() != '\0' ? error.what() : "another rank says why");
    throw;
  }
}

}  // namespace parlando::train
