#include "experiments/sweep/work/halving.h"

#include <algorithm>
#include <cmath>

namespace parlando::sweep {
namespace {

std::set<int> trials_of(const std::vector<RungEntry>& entries) {
  std::set<int> trials;
  for (const RungEntry& entry : entries) trials.insert(entry.trial);
  return trials;
}

/// The best first.
std::vector<RungEntry> ranked(std::vector<RungEntry> entries, bool larger_is_better) {
  std::ranges::sort(entries, [&](const RungEntry& a, const RungEntry& b) {
    const bool finite = std::isfinite(a.value);
    if (finite != std::isfinite(b.value)) return finite;
    if (finite && a.value != b.value) return (a.value > b.value) == larger_is_better;
    return a.trial < b.trial;
  });
  return entries;
}

}  // namespace

HalvingPlan halving_plan(std::int64_t min_epochs, std::int64_t epochs, double eta,
                         bool larger_is_better) {
  HalvingPlan plan{{}, eta, larger_is_better};
  auto rung = static_cast<double>(min_epochs);
  for (; std::llround(rung) < epochs; rung *= eta) {
    const std::int64_t next = std::llround(rung);
    if (plan.rungs.empty() || next > plan.rungs.back()) plan.rungs.push_back(next);
  }
  plan.rungs.push_back(epochs);
  return plan;
}

std::vector<Job> open_jobs(const HalvingPlan& plan, const HalvingState& state) {
  std::vector<Job> jobs;
  for (std::size_t rung = plan.rungs.size() - 1; rung-- > 0;) {
    const std::vector<RungEntry> best = ranked(state.entries[rung], plan.larger_is_better);
    const std::set<int> there = trials_of(state.entries[rung + 1]);
    const auto promoted =
        static_cast<std::size_t>(std::floor(static_cast<double>(best.size()) / plan.eta));
    for (std::size_t i = 0; i < promoted; ++i) {
      const int trial = best[i].trial;
      if (there.contains(trial) || state.failed.contains(trial)) continue;
      if (std::isfinite(best[i].value)) jobs.push_back({trial, static_cast<int>(rung) + 1});
    }
  }
  const std::set<int> begun = trials_of(state.entries.front());
  for (int trial = 0; trial < state.trials; ++trial) {
    if (!begun.contains(trial) && !state.failed.contains(trial)) jobs.push_back({trial, 0});
  }
  return jobs;
}

}  // namespace parlando::sweep
