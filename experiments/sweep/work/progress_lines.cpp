#include "experiments/sweep/work/progress_lines.h"

#include "common/core/log.h"
#include "common/core/progress.h"
#include "experiments/sweep/report/leaderboard.h"

namespace parlando::sweep {

ProgressLines::ProgressLines(const Sweep& sweep, std::size_t jobs, int round)
    : sweep_(sweep), round_(round), state_(sweep) {
  log_info("{}: {} trials, {} to go, {} at a time; by {}", sweep.config.name,
           sweep.trials.size() - sweep.left_out.size(), count_open(sweep, state_, round), jobs,
           sweep.config.metric.name);
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

/// Nothing for a study, whose rows do not compete.
std::string ProgressLines::best_so_far() const {
  if (sweep_.tests) return "";
  const std::vector<TrialResult> results = trial_results(sweep_, state_);
  const TrialResult* best = best_trial(sweep_, results);
  if (best == nullptr) return " best none yet;";
  return fmt::format(" best {:.4f} (trial {});", best->value, best->trial);
}

void ProgressLines::tell(const JobReport& report) {
  const std::scoped_lock lock(mutex_);
  state_.refresh();
  const Trial& trial = sweep_.trials[static_cast<std::size_t>(report.job.trial)];
  log_info("{}: {};{} {} of {} to go", trial_name(trial), place(report), best_so_far(),
           count_open(sweep_, state_, round_), sweep_.trials.size() - sweep_.left_out.size());
}

}  // namespace parlando::sweep
