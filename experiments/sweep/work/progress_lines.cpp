#include "experiments/sweep/work/progress_lines.h"

#include "common/core/log.h"
#include "common/core/progress.h"
#include "experiments/sweep/report/leaderboard.h"

namespace parlando::sweep {

ProgressLines::ProgressLines(const Sweep& sweep, std::size_t jobs, int round)
    : sweep_(sweep), round_(round), state_(sweep) {
  log_info("{}: {} trials, {} to go, {} at a time; by {}", sweep.config.name, sweep.trials.size(),
           count_open(sweep, state_, round), jobs, sweep.config.metric.name);
}

std::string ProgressLines::place(const JobReport& report) {
  const Outcome& outcome = report.outcome;
  if (!outcome.finished && !report.paused) {
    const auto [first, fresh] = errors_.emplace(outcome.error, report.job.trial);
    return fresh ? fmt::format("failed: {}", outcome.error)
                 : fmt::format("failed as trial {}", first->second);
  }
  return fmt::format("{} {:.4f}, {} epochs, {}{}", sweep_.config.metric.name, outcome.value,
                     outcome.epochs, format_duration(outcome.seconds),
                     report.paused ? ", waits whether it goes on" : "");
}

void ProgressLines::tell(const JobReport& report) {
  const std::scoped_lock lock(mutex_);
  state_.refresh();
  const Trial& trial = sweep_.trials[static_cast<std::size_t>(report.job.trial)];
  std::string repetition;
  if (trial.fold) repetition += fmt::format(" fold {}", *trial.fold);
  if (trial.seed) repetition += fmt::format(" seed {}", *trial.seed);
  const std::vector<TrialResult> results = trial_results(sweep_, state_);
  const TrialResult* best = best_trial(sweep_, results);
  log_info(
      "trial {}{} ({}): {}; best {}; {} of {} to go", trial.index, repetition,
      describe(trial.parameters), place(report),
      best == nullptr ? "none yet" : fmt::format("{:.4f} (trial {})", best->value, best->trial),
      count_open(sweep_, state_, round_), sweep_.trials.size());
}

}  // namespace parlando::sweep
