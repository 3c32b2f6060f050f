#include "experiments/bench/scaling.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "common/core/child_process.h"
#include "common/core/log.h"
#include "common/core/text.h"
#include "common/core/this_process.h"

namespace parlando::bench {
namespace {

struct Layout {
  int ranks = 1, threads = 1;
  bool weak = false;
  std::vector<double> samples_per_second{}, waits{};  ///< of each repeat

  int cores() const { return ranks * threads; }
};

std::vector<int> doubling(int most) {
  std::vector<int> values;
  for (int value = 1; value <= most; value *= 2) values.push_back(value);
  return values;
}

std::vector<std::string> launch_command(const std::string& launcher, const Layout& layout) {
  if (layout.ranks == 1) return {};
  const std::string ranks = std::to_string(layout.ranks);
  const bool allocation = std::getenv("SLURM_JOB_ID") != nullptr;
  if (launcher == "srun" || (launcher == "auto" && allocation)) {
    return {"srun", "--mpi=pmix",      "--ntasks",
            ranks,  "--cpus-per-task", std::to_string(layout.threads)};
  }
  return {"mpirun", "-np", ranks, "--bind-to", "none", "--oversubscribe"};
}

/// One run of 'train --profile'; `batch_size` 0 = the configuration's.
Json run_profile(const ScalingOptions& options, const Layout& layout, int batch_size) {
  std::vector<std::string> command = launch_command(options.launcher, layout);
  command.push_back(sibling_program("parlando-train"));
  for (const std::string& file : options.configs) {
    command.insert(command.end(), {"--config", file});
  }
  command.insert(command.end(), {"--data", options.data.string(), "--profile",
                                 std::to_string(options.steps), "--json"});
  command.insert(command.end(), options.overrides.begin(), options.overrides.end());
  command.push_back("threads=" + std::to_string(layout.threads));
  if (batch_size > 0) command.push_back("batch_size=" + std::to_string(batch_size));
  const ChildResult result = run_child(command);
  if (result.exit_code != 0) {
    const ErrorKind kind = result.exit_code == static_cast<int>(ErrorKind::usage)
                               ? ErrorKind::usage
                               : ErrorKind::distributed;
    fail(kind, "'{}' ended with code {}: {}", join_text(command, " "), result.exit_code,
         trim_text(result.errors));
  }
  return parse_json(result.output, join_text(command, " "));
}

double wait_share(const Json& profile) {
  double share = 0;
  for (const Json& phase : profile.at("phases")) {
    const std::string name = phase.at("phase").get<std::string>();
    if (name == "gradient wait" || name == "counters") share += phase.at("share").get<double>();
  }
  return share;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

std::vector<Layout> layouts_of(const ScalingOptions& options, int cores) {
  std::vector<Layout> layouts;
  const std::vector<int> ranks = options.ranks.empty() ? doubling(cores) : options.ranks;
  const std::vector<int> threads = options.threads.empty() ? doubling(cores) : options.threads;
  for (const bool weak : {false, true}) {
    for (const int t : threads) {
      for (const int r : ranks) {
        const Layout layout{.ranks = r, .threads = t, .weak = weak};
        const bool baseline = layout.cores() == 1;
        // With one rank both kinds of scaling are one and the same.
        if (layout.cores() <= cores && !baseline && !(weak && r == 1)) layouts.push_back(layout);
      }
    }
  }
  return layouts;
}

Json to_json(const Layout& layout, double one_core, int batch_size) {
  const double rate = median(layout.samples_per_second);
  return {{"ranks", layout.ranks},
          {"threads", layout.threads},
          {"cores", layout.cores()},
          {"batch_size", layout.weak ? batch_size * layout.ranks : batch_size},
          {"samples_per_second", rate},
          {"speed_up", rate / one_core},
          {"efficiency", rate / one_core / layout.cores()},
          {"wait_for_others", layout.waits.empty() ? 0.0 : median(layout.waits)}};
}

}  // namespace

Json measure_scaling(const ScalingOptions& options, int cores) {
  Layout one;
  std::vector<Layout> layouts = layouts_of(options, cores);
  int batch_size = 0;
  const auto measure = [&](Layout& layout) {
    const int batch = layout.weak ? batch_size * layout.ranks : 0;
    const Json profile = run_profile(options, layout, batch);
    layout.samples_per_second.push_back(profile.at("samples_per_second").get<double>());
    layout.waits.push_back(wait_share(profile));
    return profile.at("batch_size").get<int>();
  };
  for (int repeat = 0; repeat < options.repeats; ++repeat) {
    log_info("round {} of {}: {} runs of {} steps", repeat + 1, options.repeats, layouts.size() + 1,
             options.steps);
    batch_size = measure(one);
    for (Layout& layout : layouts) measure(layout);
  }
  const double one_core = median(one.samples_per_second);
  Json strong = Json::array({to_json(one, one_core, batch_size)});
  Json weak = strong;
  for (const Layout& layout : layouts) {
    (layout.weak ? weak : strong).push_back(to_json(layout, one_core, batch_size));
  }
  return {{"steps", options.steps},
          {"repeats", options.repeats},
          {"cores", cores},
          {"strong", strong},
          {"weak", weak}};
}

std::string scaling_text(const Json& result) {
  fmt::memory_buffer text;
  auto out = std::back_inserter(text);
  for (const auto& [key, title] : {std::pair{"strong", "strong scaling: one global batch, divided"},
                                   std::pair{"weak", "weak scaling: one batch for each rank"}}) {
    fmt::format_to(out, "{}\n{:>5} {:>7} {:>5} {:>5} {:>10} {:>8} {:>10} {:>16}\n", title, "ranks",
                   "threads", "cores", "batch", "samples/s", "speed-up", "efficiency",
                   "waits for others");
    for (const Json& row : result.at(key)) {
      fmt::format_to(out, "{:>5} {:>7} {:>5} {:>5} {:>10.1f} {:>8.2f} {:>8.1f} % {:>14.1f} %\n",
                     row.at("ranks").get<int>(), row.at("threads").get<int>(),
                     row.at("cores").get<int>(), row.at("batch_size").get<int>(),
                     row.at("samples_per_second").get<double>(), row.at("speed_up").get<double>(),
                     100 * row.at("efficiency").get<double>(),
                     100 * row.at("wait_for_others").get<double>());
    }
    fmt::format_to(out, "\n");
  }
  fmt::format_to(out,
                 "medians of {} runs of {} steps; speed-up and efficiency against 1 rank x 1 "
                 "thread\n",
                 result.at("repeats").get<int>(), result.at("steps").get<int>());
  return fmt::to_string(text);
}

}  // namespace parlando::bench
