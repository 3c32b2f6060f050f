#include <iostream>

#include "common/config/command_line.h"
#include "common/core/cpu.h"
#include "common/core/error.h"
#include "common/core/program.h"
#include "common/dist/launch.h"
#include "experiments/bench/scaling.h"

namespace parlando::bench {
namespace {

int run_bench(int argc, char** argv) {
  CommandLine line("bench", "Measures training on this machine or allocation.",
                   "parlando bench scaling --config configs/train/mel128.yaml --data data");
  std::string what;
  ScalingOptions options;
  int cores = available_cores();
  bool json = false;
  line.app()
      .add_option("what", what,
                  "scaling: samples/s and efficiency over ranks and threads, for one batch divided "
                  "among the ranks (strong) and one for each rank (weak)")
      ->required()
      ->check(CLI::IsMember({"scaling"}));
  line.app()
      .add_option("--config", options.configs, "training configuration; later files win")
      ->required()
      ->type_name("FILE");
  line.app().add_option("--data", options.data, "dataset")->required()->type_name("DIR");
  line.app()
      .add_option("--ranks", options.ranks,
                  "numbers of ranks, such as 1,2,4; default: 1, 2, 4, ...")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::Range(1, 1'000'000));
  line.app()
      .add_option("--threads", options.threads,
                  "threads of each rank, such as 1,2; default: 1, 2, 4, ...")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::Range(1, 4096));
  line.app()
      .add_option("--cores", cores,
                  "layouts with more ranks x threads are left out; default: those of this machine")
      ->check(CLI::Range(1, 1'000'000));
  line.app()
      .add_option("--steps", options.steps, "timed in each run, after some for warm-up")
      ->check(CLI::Range(1, 1'000'000));
  line.app()
      .add_option("--repeats", options.repeats, "runs of each layout; the median counts")
      ->check(CLI::Range(1, 1000));
  line.app()
      .add_option("--launcher", options.launcher,
                  "what starts the ranks; auto: srun within a SLURM allocation, else mpirun")
      ->check(CLI::IsMember({"auto", "mpirun", "srun"}));
  line.app().add_flag("--json", json, "print JSON");
  line.accept_overrides(options.overrides, "");
  if (const std::optional<int> code = line.parse(argc, argv)) return *code;

  if (dist::detect_launch().world_size > 1)
    fail(ErrorKind::usage, "bench starts the ranks itself; run it once, without mpirun or srun");
  const Json result = measure_scaling(options, cores);
  std::cout << (json ? result.dump(2) + "\n" : scaling_text(result));
  return 0;
}

}  // namespace
}  // namespace parlando::bench

int main(int argc, char** argv) {
  return parlando::run_program("parlando-bench",
                               [&] { return parlando::bench::run_bench(argc, argv); });
}
