#include "tests/unit/sweep/halving_replay.h"

#include <algorithm>
#include <optional>

#include "common/io/json.h"

namespace parlando::sweep {
namespace {

struct Busy {
  Job job;
  double until = 0;
};

}  // namespace

std::int64_t RecordedCurves::all_epochs() const {
  std::int64_t sum = 0;
  for (const Curve& curve : curves) sum += curve.epochs();
  return sum;
}

double RecordedCurves::best() const {
  double best = curves.front().value_at(epochs);
  for (const Curve& curve : curves) {
    const double value = curve.value_at(epochs);
    if (larger_is_better ? value > best : value < best) best = value;
  }
  return best;
}

RecordedCurves read_curves(const std::filesystem::path& path) {
  const Json json = read_json(path);
  RecordedCurves recorded{.curves = {},
                          .epochs = json.at("epochs").get<std::int64_t>(),
                          .larger_is_better = json.at("larger_is_better").get<bool>()};
  for (const Json& entry : json.at("curves")) {
    Curve curve;
    curve.values = entry.at("values").get<std::vector<double>>();
    for (const int kept : entry.at("kept").get<std::vector<int>>()) curve.kept.push_back(kept != 0);
    curve.seconds = entry.at("seconds").get<double>() * static_cast<double>(curve.values.size());
    recorded.curves.push_back(std::move(curve));
  }
  return recorded;
}

Replay replay(const RecordedCurves& recorded, const HalvingPlan& plan, int workers) {
  HalvingState state{.trials = static_cast<int>(recorded.curves.size()),
                     .entries = std::vector<std::vector<RungEntry>>(plan.rungs.size()),
                     .failed = {}};
  std::vector<Busy> busy;
  std::vector<std::int64_t> trained(recorded.curves.size(), 0);
  Replay result;
  double now = 0;
  const auto free_job = [&]() -> std::optional<Job> {
    for (const Job& job : open_jobs(plan, state)) {
      const bool taken = std::ranges::any_of(
          busy, [&](const Busy& other) { return other.job.trial == job.trial; });
      if (!taken) return job;
    }
    return std::nullopt;
  };
  for (;;) {
    while (static_cast<int>(busy.size()) < workers) {
      const std::optional<Job> job = free_job();
      if (!job) break;
      const auto trial = static_cast<std::size_t>(job->trial);
      const Curve& curve = recorded.curves[trial];
      const std::int64_t until =
          std::min(plan.rungs[static_cast<std::size_t>(job->rung)], curve.epochs());
      const std::int64_t epochs = until - trained[trial];
      trained[trial] = until;
      result.epochs += epochs;
      busy.push_back({*job, now + curve.seconds / static_cast<double>(curve.epochs()) *
                                      static_cast<double>(epochs)});
    }
    if (busy.empty()) break;
    const auto next = std::ranges::min_element(busy, {}, &Busy::until);
    now = next->until;
    const Curve& curve = recorded.curves[static_cast<std::size_t>(next->job.trial)];
    const auto rung = static_cast<std::size_t>(next->job.rung);
    state.entries[rung].push_back({next->job.trial, curve.value_at(plan.rungs[rung])});
    busy.erase(next);
  }
  for (const RungEntry& entry : state.entries.back()) {
    const bool better = result.chosen < 0 || (plan.larger_is_better ? entry.value > result.value
                                                                    : entry.value < result.value);
    if (better) result = {result.epochs, entry.trial, entry.value};
  }
  return result;
}

}  // namespace parlando::sweep
