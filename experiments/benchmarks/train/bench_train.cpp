// Samples per second of whole training steps (TrainStep, as `parlando train` runs it) on made-up
// features of a given shape; one process, or several under mpirun.

#include <chrono>
#include <ctime>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/config/command_line.h"
#include "common/core/random.h"
#include "common/io/json.h"
#include "train/data/epoch_loader.h"
#include "train/data/sampler.h"
#include "train/data/step_batch.h"
#include "train/run/device.h"
#include "train/run/memory.h"
#include "train/run/train_step.h"
#include "train/run/training_state.h"
#include "train/verbs/rank_program.h"

namespace parlando::train {
namespace {

constexpr std::size_t kSamples = 512;
constexpr std::int64_t kClasses = 8;
constexpr int kProbeSteps = 3;  // tell how many steps the wanted seconds are

struct Arguments {
  TrainConfig config;
  std::int64_t rows = 128;
  double seconds = 4;
};

std::optional<int> parse(int argc, char** argv, Arguments& arguments) {
  CommandLine line("bench_train", "Times whole training steps on made-up features.",
                   "bench_train --config configs/train/mel128.yaml --rows 128 threads=1");
  std::vector<std::string> files, overrides;
  line.app().add_option("--config", files, "training configuration")->required();
  line.app().add_option("--rows", arguments.rows, "of the features");
  line.app().add_option("--seconds", arguments.seconds, "to measure for");
  line.accept_overrides(overrides, describe_train_config());
  if (const std::optional<int> code = line.parse(argc, argv)) return code;
  arguments.config = load_train_config(files, overrides);
  return std::nullopt;
}

SampleSet made_up_samples(const Arguments& arguments) {
  const auto frames = static_cast<std::size_t>(arguments.config.input.frames);
  const auto rows = static_cast<std::size_t>(arguments.rows);
  std::vector<float> values(kSamples * frames * rows);
  std::vector<ClipInfo> clips;
  RandomStream random(1, "bench-features");
  for (float& value : values) value = static_cast<float>(random.normal());
  for (std::size_t i = 0; i < kSamples; ++i) {
    clips.push_back({.dataset_row = i,
                     .label = static_cast<std::int64_t>(random.below(kClasses)),
                     .valid_frames = frames});
  }
  ClipFeatures none({}, frames, rows, {});
  return {ClipFeatures(std::move(clips), frames, rows, values), std::move(none), {}};
}

/// One rank's training, a step at a time.
class Bench {
 public:
  Bench(const Arguments& arguments, const dist::LaunchEnvironment& launch, dist::Communicator& host)
      : config_(arguments.config),
        host_(host),
        samples_(made_up_samples(arguments)),
        builder_(samples_, {.augment = config_.augment,
                            .seed = config_.seed,
                            .parts = config_.accumulate,
                            .rank = host.rank(),
                            .world_size = host.size()}),
        model_(config_.model, {config_.input.frames, arguments.rows}, kClasses, config_.seed) {
    at::set_num_threads(threads_per_rank(config_.threads, launch));
    model_.to(config_.precision == "float64" ? at::kDouble : at::kFloat, at::kCPU);
    state_.emplace(config_, model_, kSamples, host.size());
    const at::Tensor weights = at::linspace(0.8, 1.5, kClasses, at::kDouble);
    step_.emplace(config_, model_, state_->flat, state_->optimizer, weights, host, host,
                  ReplicaFactory());
  }

  /// Steps per second, and per second of processor time of this process.
  struct Rate {
    double steps = 0, cpu = 0;
  };
  Rate timed(double seconds) {
    const auto start = std::chrono::steady_clock::now();
    run(kProbeSteps);
    std::vector<double> count{seconds * kProbeSteps / since(start)};
    host_.broadcast(std::span(count), 0);
    const int steps = std::max(kProbeSteps, static_cast<int>(count[0]));
    const auto mark = std::chrono::steady_clock::now();
    const std::clock_t cpu = std::clock();
    run(steps);
    return {.steps = steps / since(mark),
            .cpu = steps * double{CLOCKS_PER_SEC} / static_cast<double>(std::clock() - cpu)};
  }

 private:
  static double since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }

  void run(int steps) {
    for (int i = 0; i < steps; ++i) {
      if (!loader_ || loader_->done()) {
        ++epoch_;
        loader_.emplace(builder_, epoch_order(kSamples, config_.seed, epoch_), epoch_,
                        state_->batch_size, std::size_t{0}, config_.input);
      }
      step_->run(loader_->next(), epoch_, 1e-3, {});
    }
  }

  const TrainConfig& config_;
  dist::Communicator& host_;
  SampleSet samples_;
  BatchBuilder builder_;
  Classifier model_;
  std::optional<TrainingState> state_;
  std::optional<TrainStep> step_;
  std::optional<EpochLoader> loader_;
  std::int64_t epoch_ = 0;
};

void measure(const Arguments& arguments, const dist::LaunchEnvironment& launch,
             dist::Communicator& host) {
  Bench bench(arguments, launch, host);
  bench.timed(1);
  const Bench::Rate rate = bench.timed(arguments.seconds);
  if (!host.is_root()) return;
  const double batch = arguments.config.batch_size;
  std::cout << Json{{"samples_per_second", rate.steps * batch},
                    {"samples_per_cpu_second", rate.cpu * batch / host.size()}}
            << "\n";
}

}  // namespace
}  // namespace parlando::train

int main(int argc, char** argv) {
  using namespace parlando;
  train::keep_freed_memory();
  return train::run_rank_program(
      "bench_train", [&](const dist::LaunchEnvironment& launch) -> train::RankBody {
        train::Arguments arguments;
        if (const std::optional<int> code = train::parse(argc, argv, arguments))
          return {.exit_code = *code, .board = {}, .body = {}};
        const double timeout = arguments.config.distributed.timeout_seconds;
        return {.exit_code = 0,
                .first_timeout_seconds = timeout,
                .timeout_seconds = timeout,
                .board = {},
                .body = [arguments, launch](train::RankContext rank) {
                  train::measure(arguments, launch, rank.host);
                }};
      });
}
