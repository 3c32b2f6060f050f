#include "experiments/sweep/report/leaderboard.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

#include "common/io/json.h"
#include "common/metrics/student.h"
#include "experiments/sweep/work/curve.h"

namespace parlando::sweep {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::optional<Interval> validation_interval(const Sweep& sweep, int trial) {
  const std::filesystem::path path = sweep.run_folder(trial) / "validation.json";
  const std::string key = sweep.config.metric.name.substr(std::string("validation_").size());
  if (!std::filesystem::exists(path)) return std::nullopt;
  const Json json = read_json(path);
  if (!json.contains(key)) return std::nullopt;  // the loss has none
  const auto bounds = json_get<std::vector<double>>(json[key], "ci95", path.string());
  if (bounds.size() != 2)
    fail(ErrorKind::artefact, "{}: ci95 of {} is no interval", path.string(), key);
  return Interval{bounds[0], bounds[1]};
}

std::int64_t time_of(const std::filesystem::path& file) {
  const auto time = std::chrono::file_clock::to_sys(std::filesystem::last_write_time(file));
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

/// Whether `a` is the better value; numbers before none.
bool better(double a, double b, bool larger_is_better) {
  if (std::isfinite(a) != std::isfinite(b)) return std::isfinite(a);
  return larger_is_better ? a > b : a < b;
}

}  // namespace

const char* status_name(TrialStatus status) {
  switch (status) {
    case TrialStatus::missing:
      return "missing";
    case TrialStatus::stopped:
      return "stopped";
    case TrialStatus::finished:
      return "finished";
    case TrialStatus::failed:
      return "failed";
  }
  return "";
}

std::vector<TrialResult> trial_results(const Sweep& sweep, const SweepState& state, bool details) {
  std::vector<TrialResult> results;
  for (const Trial& trial : sweep.trials) {
    TrialResult result{.trial = trial.index,
                       .value = kNone,
                       .ci95 = {},
                       .rung_values = {},
                       .rung_times = {},
                       .error = ""};
    for (std::size_t rung = 0; rung < state.entries().size(); ++rung) {
      const auto entry = state.entries()[rung].find(trial.index);
      if (entry == state.entries()[rung].end()) continue;
      result.status = TrialStatus::stopped;
      result.rung = static_cast<int>(rung);
      result.value = entry->second.value;
      result.epochs = sweep.plan.rungs[rung];
      result.rung_values.push_back(entry->second.value);
      if (details) result.rung_times.push_back(time_of(sweep.rung_entry(result.rung, trial.index)));
    }
    const auto found = state.outcomes().find(trial.index);
    if (found != state.outcomes().end()) {
      const Outcome& outcome = found->second;
      result.status = outcome.finished ? TrialStatus::finished : TrialStatus::failed;
      if (outcome.finished || result.rung < 0) result.value = outcome.value;
      result.epochs = outcome.epochs;
      result.best_epoch = outcome.best_epoch;
      result.seconds = outcome.seconds;
      result.error = outcome.error;
    } else if (details && result.status == TrialStatus::stopped) {
      const Curve curve = curve_or_none(sweep.run_folder(trial.index), sweep.config.metric.name);
      result.best_epoch = curve.kept_at(result.epochs);
      result.seconds = curve.seconds;
    }
    if (details && result.status == TrialStatus::finished)
      result.ci95 = validation_interval(sweep, trial.index);
    results.push_back(std::move(result));
  }
  return results;
}

const TrialResult* best_trial(const Sweep& sweep, const std::vector<TrialResult>& results) {
  const TrialResult* best = nullptr;
  for (const TrialResult& result : results) {
    const bool counts =
        result.status == TrialStatus::finished || result.status == TrialStatus::stopped;
    if (!counts || !std::isfinite(result.value)) continue;
    const bool wins = best == nullptr || result.rung > best->rung ||
                      (result.rung == best->rung &&
                       better(result.value, best->value, sweep.plan.larger_is_better));
    if (wins) best = &result;
  }
  return best;
}

std::size_t count_open(const Sweep& sweep, const SweepState& state, int round) {
  return open_jobs(sweep.plan, state.halving(round)).size();
}

std::vector<LeaderboardRow> leaderboard(const Sweep& sweep,
                                        const std::vector<TrialResult>& results) {
  std::map<int, LeaderboardRow> rows;
  std::map<int, std::vector<double>> values;
  for (const TrialResult& result : results) {
    const Trial& trial = sweep.trials[static_cast<std::size_t>(result.trial)];
    LeaderboardRow& row = rows[trial.configuration];
    row.configuration = trial.configuration;
    ++row.expected;
    row.epochs += result.epochs;
    if (result.status == TrialStatus::failed || !std::isfinite(result.value)) continue;
    row.rung = row.trials.empty() ? result.rung : std::min(row.rung, result.rung);
    row.trials.push_back(result.trial);
    row.ci95 = result.ci95;
    values[trial.configuration].push_back(result.value);
  }
  std::vector<LeaderboardRow> sorted;
  for (auto& [configuration, row] : rows) {
    const std::vector<double>& own = values[configuration];
    row.mean = kNone;
    if (!own.empty()) row.mean = metrics::mean(own);
    if (own.size() > 1) {
      const double half = metrics::student_half_width(own);
      const double most = sweep.plan.larger_is_better ? 1 : std::numeric_limits<double>::infinity();
      row.ci95 = Interval{std::max(0.0, row.mean - half), std::min(most, row.mean + half)};
    }
    sorted.push_back(std::move(row));
  }
  std::ranges::stable_sort(sorted, [&](const LeaderboardRow& a, const LeaderboardRow& b) {
    const bool a_whole = a.trials.size() == a.expected, b_whole = b.trials.size() == b.expected;
    if (a_whole != b_whole) return a_whole;
    if (a.rung != b.rung) return a.rung > b.rung;
    return better(a.mean, b.mean, sweep.plan.larger_is_better);
  });
  return sorted;
}

}  // namespace parlando::sweep
