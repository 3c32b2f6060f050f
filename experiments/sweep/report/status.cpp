#include "experiments/sweep/report/status.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "common/core/progress.h"
#include "common/io/json_number.h"
#include "experiments/sweep/work/curve.h"
#include "experiments/sweep/work/heartbeat.h"

namespace parlando::sweep {
namespace {

constexpr std::size_t kRowsShown = 5;

/// Time of the open trials at the pace of the finished ones, spread over those that run.
double seconds_left(const std::vector<TrialResult>& results, std::size_t open,
                    std::size_t running) {
  double seconds = 0;
  std::size_t done = 0;
  for (const TrialResult& result : results) {
    if (result.status != TrialStatus::finished) continue;
    seconds += result.seconds;
    ++done;
  }
  if (done == 0) return std::numeric_limits<double>::quiet_NaN();
  return seconds / static_cast<double>(done) * static_cast<double>(open) /
         static_cast<double>(std::max<std::size_t>(1, running));
}

}  // namespace

SweepStatus sweep_status(const Sweep& sweep) {
  const SweepState state(sweep);
  const std::vector<TrialResult> results = trial_results(sweep, state);
  SweepStatus status{.trials = sweep.trials.size(), .running = {}, .rows = {}};
  std::set<int> open;
  for (const Job& job : open_jobs(sweep.plan, state.halving(0))) open.insert(job.trial);
  for (const TrialResult& result : results) {
    if (const auto worker = worker_of(sweep.trial_folder(result.trial))) {
      const Curve curve = curve_or_none(sweep.run_folder(result.trial), sweep.config.metric.name);
      status.running.push_back(
          {result.trial, *worker, curve.epochs(), curve.value_at(curve.epochs())});
    } else if (open.contains(result.trial)) {
      ++status.waiting;
    } else if (result.status == TrialStatus::finished) {
      ++status.finished;
    } else if (result.status == TrialStatus::stopped) {
      ++status.stopped;
    } else if (result.status == TrialStatus::failed) {
      ++status.failed;
    }
  }
  status.rows = leaderboard(sweep, results);
  status.seconds_left =
      seconds_left(results, status.waiting + status.running.size(), status.running.size());
  return status;
}

std::string status_text(const Sweep& sweep, const SweepStatus& status) {
  std::string text =
      fmt::format("{}: {} trials: {} finished, {} stopped early, {} failed, {} running, {} waiting",
                  sweep.config.name, status.trials, status.finished, status.stopped, status.failed,
                  status.running.size(), status.waiting);
  if (std::isfinite(status.seconds_left) && !status.running.empty())
    text += fmt::format("; about {} to go", format_duration(status.seconds_left));
  text += "\n";
  for (const RunningTrial& running : status.running) {
    const Trial& trial = sweep.trials[static_cast<std::size_t>(running.trial)];
    text += fmt::format("  running  trial {:<5} {} epochs, {}  {}  ({})\n", running.trial,
                        running.epochs,
                        std::isfinite(running.value) ? fmt::format("{:.4f}", running.value) : "-",
                        describe(trial.parameters), running.worker);
  }
  for (std::size_t i = 0; i < std::min(status.rows.size(), kRowsShown); ++i) {
    const LeaderboardRow& row = status.rows[i];
    if (row.trials.empty()) break;
    const Trial& trial = sweep.trials[static_cast<std::size_t>(row.trials.front())];
    text += fmt::format("  {:>2}.  {} {:.4f}  {}\n", i + 1, sweep.config.metric.name, row.mean,
                        describe(trial.parameters));
  }
  return text;
}

Json status_to_json(const SweepStatus& status) {
  Json running = Json::array();
  for (const RunningTrial& trial : status.running) {
    running.push_back({{"trial", trial.trial},
                       {"worker", trial.worker},
                       {"epochs", trial.epochs},
                       {"value", number_or_null(trial.value)}});
  }
  return {{"trials", status.trials},
          {"finished", status.finished},
          {"stopped", status.stopped},
          {"failed", status.failed},
          {"waiting", status.waiting},
          {"running", running},
          {"seconds_left", number_or_null(status.seconds_left)}};
}

}  // namespace parlando::sweep
