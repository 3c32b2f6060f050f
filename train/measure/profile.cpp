#include <algorithm>
#include <iterator>
#include <numeric>
#include <vector>

#include <torch/cuda.h>

#include "train/measure/measure.h"
#include "train/measure/phase_clock.h"

namespace parlando::train {
namespace {

constexpr std::size_t kWarmUpSteps = 3;

/// Seconds a step of each phase, and of the median step last.
std::vector<double> figures_of(const PhaseClock& clock) {
  std::vector<double> figures;
  const auto count = static_cast<double>(clock.steps().size());
  for (const PhaseClock::Phase& phase : clock.phases()) figures.push_back(phase.seconds / count);
  std::vector<double> steps = clock.steps();
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  figures.push_back(*middle);
  return figures;
}

}  // namespace

Json profile(const ReadyJob& job, int steps) {
  PhaseClock clock(kWarmUpSteps, [device = job.device] {
    if (device.is_cuda()) torch::cuda::synchronize(device.index());
  });
  job.trainer.try_steps(kWarmUpSteps + static_cast<std::size_t>(steps), clock,
                        [&] { clock.on_step(); });

  const std::vector<double> own = figures_of(clock);
  std::vector<double> mean = own, slowest = own;
  job.host.all_reduce(std::span(mean), dist::ReduceOp::sum);
  job.host.all_reduce(std::span(slowest), dist::ReduceOp::max);
  for (double& value : mean) value /= job.host.size();

  const double total = std::accumulate(mean.begin(), mean.end() - 1, 0.0);
  Json phases = Json::array();
  for (std::size_t i = 0; i < clock.phases().size(); ++i) {
    phases.push_back({{"phase", clock.phases()[i].name},
                      {"of_network", clock.phases()[i].of_network},
                      {"seconds", mean[i]},
                      {"slowest_rank_seconds", slowest[i]},
                      {"share", mean[i] / total}});
  }
  return {{"steps", steps},
          {"warm_up_steps", kWarmUpSteps},
          {"world_size", job.host.size()},
          {"threads", job.threads},
          {"batch_size", job.trainer.batch_size()},
          {"step_seconds", total},
          {"median_step_seconds", mean.back()},
          {"samples_per_second", static_cast<double>(job.trainer.batch_size()) / mean.back()},
          {"phases", phases}};
}

std::string profile_text(const Json& result) {
  fmt::memory_buffer text;
  auto out = std::back_inserter(text);
  const int world = result.at("world_size").get<int>();
  fmt::format_to(out,
                 "{} steps of {} samples, {} rank{} x {} thread{}: {:.2f} ms a step (median), "
                 "{:.1f} samples/s\n\n",
                 result.at("steps").get<int>(), result.at("batch_size").get<int>(), world,
                 world == 1 ? "" : "s", result.at("threads").get<int>(),
                 result.at("threads").get<int>() == 1 ? "" : "s",
                 1e3 * result.at("median_step_seconds").get<double>(),
                 result.at("samples_per_second").get<double>());
  fmt::format_to(out, "{:<22} {:>10} {:>8}{}\n", "phase", "ms a step", "share",
                 world > 1 ? "  slowest rank" : "");
  for (const Json& phase : result.at("phases")) {
    const std::string name = (phase.at("of_network").get<bool>() ? "forward: " : "") +
                             phase.at("phase").get<std::string>();
    fmt::format_to(out, "{:<22} {:>10.3f} {:>6.1f} %", name,
                   1e3 * phase.at("seconds").get<double>(), 100 * phase.at("share").get<double>());
    if (world > 1)
      fmt::format_to(out, "  {:>12.3f}", 1e3 * phase.at("slowest_rank_seconds").get<double>());
    fmt::format_to(out, "\n");
  }
  fmt::format_to(out, "{:<22} {:>10.3f}  100.0 %\n", "mean step",
                 1e3 * result.at("step_seconds").get<double>());
  return fmt::to_string(text);
}

}  // namespace parlando::train
