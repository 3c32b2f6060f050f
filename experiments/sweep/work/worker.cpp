#include "experiments/sweep/work/worker.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>

#include "common/core/error.h"
#include "common/core/this_process.h"
#include "common/dist/job.h"
#include "common/dist/launch.h"
#include "experiments/sweep/work/curve.h"
#include "experiments/sweep/work/heartbeat.h"
#include "experiments/sweep/work/last_words.h"

namespace parlando::sweep {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPoll{100};
constexpr int kStopped = static_cast<int>(ErrorKind::stopped);

/// Whether a program ended because somebody asked it to, before it was ready to hear it or with a
/// checkpoint.
bool was_stopped(int exit_code) {
  return exit_code == kStopped || exit_code == 128 + SIGUSR1 || exit_code == 128 + SIGUSR2 ||
         exit_code == 128 + SIGTERM || exit_code == 128 + SIGINT;
}

}  // namespace

Worker::Worker(const Sweep& sweep, Slot slot, int round, std::set<int> only,
               const StopRequest& stop)
    : sweep_(sweep),
      slot_(std::move(slot)),
      round_(round),
      only_(std::move(only)),
      stop_(stop),
      state_(sweep) {}

std::unique_ptr<FolderLock> Worker::claim(int trial) const {
  try {
    // A requeued element goes on with the trial of its start before, which may have outlived its
    // node.
    const dist::JobStart start = dist::detect_job();
    return std::make_unique<FolderLock>(sweep_.trial_folder(trial),
                                        LockOptions{.job = start.job, .restart = start.restart});
  } catch (const FolderHeld&) {
    return nullptr;
  }
}

bool Worker::still_open(const Job& job) {
  state_.refresh();
  const std::vector<Job> open = open_jobs(sweep_.plan, state_.halving(round_));
  return std::ranges::find(open, job) != open.end();
}

Worker::Step Worker::step(const std::function<void(const JobReport&)>& on_end) {
  if (stop_.requested()) return Step::stopped;
  state_.refresh();
  bool any = false;
  for (const Job& job : open_jobs(sweep_.plan, state_.halving(round_))) {
    if (!only_.empty() && !only_.contains(job.trial)) continue;
    any = true;
    const std::unique_ptr<FolderLock> lock = claim(job.trial);
    if (!lock) continue;
    if (!still_open(job)) return Step::worked;
    return work(job, *lock, on_end);
  }
  return any ? Step::waiting : Step::complete;
}

Worker::Step Worker::work(const Job& job, const FolderLock& lock,
                          const std::function<void(const JobReport&)>& on_end) {
  const Trial& trial = sweep_.trials[static_cast<std::size_t>(job.trial)];
  const Heartbeat heartbeat(sweep_.trial_folder(job.trial), round_);
  JobReport report;
  if (state_.finished(job.trial)) {
    // It ended by itself below this rung; there is nothing to train.
    const Outcome& outcome = state_.outcomes().at(job.trial);
    write_rung_entry(sweep_, job.rung, {job.trial, outcome.value, round_}, outcome.epochs);
    return Step::worked;
  }
  if (!make_dataset(trial, lock)) return Step::stopped;
  if (failed_datasets_.contains(trial.dataset)) {
    report = failure(job, 0, failed_datasets_.at(trial.dataset));
  } else {
    const std::optional<int> exit_code =
        run(train_command(job), sweep_.trial_folder(job.trial) / "log.txt", job.trial, {&lock});
    if (!exit_code) return Step::stopped;
    report = conclude(job, *exit_code);
    // It was told to stop by somebody else than this process: a scheduler, a person.
    if (was_stopped(report.outcome.exit_code) && report.outcome.error.empty() && !report.paused)
      return Step::stopped;
    hand_over(trial, report);
  }
  // The outcome first: a trial that is at its last rung is not looked at again.
  const Outcome& outcome = report.outcome;
  if (!report.paused) write_outcome(sweep_, job.trial, outcome);
  if (outcome.finished || report.paused)
    write_rung_entry(sweep_, job.rung, {job.trial, outcome.value, round_}, outcome.epochs);
  if (outcome.finished && sweep_.on_settled) sweep_.on_settled(trial);
  on_end(report);
  return Step::worked;
}

/// Lets somebody take what a finished trial has reached.
void Worker::hand_over(const Trial& trial, JobReport& report) const {
  if (!report.outcome.finished || !sweep_.on_finished) return;
  try {
    sweep_.on_finished(trial);
  } catch (const Error& error) {
    report = failure(report.job, 0, error.what());
  }
}

/// Makes the dataset of a trial unless it is there, is being made (then waits), or has failed
/// before. False if it was stopped.
bool Worker::make_dataset(const Trial& trial, const FolderLock& lock) {
  if (trial.dataset.empty() || failed_datasets_.contains(trial.dataset)) return true;
  const std::filesystem::path folder = sweep_.dataset(trial), datasets = folder.parent_path();
  const Heartbeat::Pulse pulse(sweep_.trial_folder(trial.index));
  std::unique_ptr<FolderLock> making;
  while (!making) {
    if (stop_.requested()) return false;
    try {
      const dist::JobStart start = dist::detect_job();
      making =
          std::make_unique<FolderLock>(datasets, LockOptions{.file = "." + trial.dataset + ".lock",
                                                             .job = start.job,
                                                             .restart = start.restart});
    } catch (const FolderHeld&) {
      std::this_thread::sleep_for(kPoll);
      pulse.beat();
    }
  }
  if (std::filesystem::exists(folder / "manifest.json")) return true;
  std::vector<std::string> command{sibling_program("parlando-preprocess"),
                                   "--config",
                                   sweep_.preprocess_file(trial).string(),
                                   "--corpus",
                                   sweep_.config.corpus,
                                   "--out",
                                   folder.string()};
  const std::vector<std::string> keys = trial.preprocess_keys();
  command.insert(command.end(), keys.begin(), keys.end());
  const std::filesystem::path log = datasets / (trial.dataset + ".log");
  const std::optional<int> exit_code = run(command, log, trial.index, {&lock, making.get()});
  if (!exit_code || was_stopped(*exit_code)) return false;
  if (*exit_code != 0) {
    failed_datasets_[trial.dataset] =
        fmt::format("preprocess ended with code {}: {}", *exit_code, last_words(log));
  }
  return true;
}

std::vector<std::string> Worker::train_command(const Job& job) const {
  const Trial& trial = sweep_.trials[static_cast<std::size_t>(job.trial)];
  std::vector<std::string> command = slot_.launcher;
  command.push_back(sibling_program("parlando-train"));
  command.insert(command.end(),
                 {"--config", sweep_.train_file(trial).string(), "--data",
                  sweep_.dataset(trial).string(), "--run", sweep_.run_folder(job.trial).string()});
  if (!sweep_.tests) command.emplace_back("--no-test");
  const auto rung = static_cast<std::size_t>(job.rung);
  if (rung + 1 < sweep_.plan.rungs.size()) {
    command.insert(command.end(), {"--until-epoch", std::to_string(sweep_.plan.rungs[rung])});
  }
  command.insert(command.end(), slot_.keys.begin(), slot_.keys.end());
  const std::vector<std::string> keys = trial.train_keys();
  command.insert(command.end(), keys.begin(), keys.end());
  return command;
}

/// Nothing if it ended because this process was asked to stop.
std::optional<int> Worker::run(const std::vector<std::string>& command,
                               const std::filesystem::path& log, int trial,
                               const std::vector<const FolderLock*>& locks) {
  BackgroundOptions options{.environment = slot_.environment,
                            .without = dist::is_launch_variable,
                            .log = log,
                            .cores = slot_.cores,
                            .death_signal = SIGUSR1,
                            .keep_open = {}};
  for (const FolderLock* lock : locks)
    if (lock->descriptor() >= 0) options.keep_open.push_back(lock->descriptor());
  begin_log(log, command);
  BackgroundProcess process(command, options);
  const Heartbeat::Pulse pulse(sweep_.trial_folder(trial));
  bool told = false;
  for (;;) {
    if (const std::optional<int> exit_code = process.wait(kPoll)) {
      if (told && *exit_code != 0) return std::nullopt;
      return exit_code;
    }
    pulse.beat();
    if (!stop_.requested() || told) continue;
    process.send(SIGUSR1);
    told = true;
  }
}

JobReport Worker::conclude(const Job& job, int exit_code) const {
  const std::filesystem::path log = sweep_.trial_folder(job.trial) / "log.txt";
  if (exit_code != 0 && !was_stopped(exit_code)) {
    const std::string words = last_words(log);
    return failure(job, exit_code,
                   words.empty() ? fmt::format("training ended with code {}", exit_code) : words);
  }
  Curve curve;
  try {
    curve = read_curve(sweep_.run_folder(job.trial), sweep_.config.metric.name);
  } catch (const Error& damaged) {
    return failure(job, exit_code, damaged.what());
  }
  if (exit_code == 0 && curve.epochs() == 0)
    return failure(job, exit_code, "training ended without an epoch in metrics.jsonl");
  const std::int64_t rung = sweep_.plan.rungs[static_cast<std::size_t>(job.rung)];
  const bool paused = exit_code == kStopped && curve.epochs() >= rung;
  const std::int64_t epochs = paused ? rung : curve.epochs();
  return {.job = job,
          .outcome = {.finished = exit_code == 0,
                      .round = round_,
                      .value = curve.value_at(epochs),
                      .epochs = epochs,
                      .best_epoch = curve.kept_at(epochs),
                      .seconds = curve.seconds,
                      .exit_code = exit_code,
                      .error = ""},
          .paused = paused};
}

JobReport Worker::failure(const Job& job, int exit_code, const std::string& error) const {
  const Curve curve = curve_or_none(sweep_.run_folder(job.trial), sweep_.config.metric.name);
  return {.job = job,
          .outcome = {.finished = false,
                      .round = round_,
                      .value = curve.value_at(curve.epochs()),
                      .epochs = curve.epochs(),
                      .best_epoch = curve.kept_at(curve.epochs()),
                      .seconds = curve.seconds,
                      .exit_code = exit_code,
                      .error = error},
          .paused = false};
}

}  // namespace parlando::sweep
