#include <iostream>
#include <memory>

#include "common/config/command_line.h"
#include "common/config/config.h"
#include "common/core/log.h"
#include "common/core/program.h"
#include "common/core/text.h"
#include "common/metrics/evaluation_json.h"
#include "common/report/console_table.h"
#include "train/run/memory.h"
#include "train/run/train_job.h"
#include "train/verbs/rank_program.h"

namespace parlando::train {
namespace {

struct Arguments {
  TrainJobOptions job;
  bool json = false;
};

std::optional<int> parse(int argc, char** argv, Arguments& arguments) {
  CommandLine line(
      "train", "Trains a network on a dataset, tests it once and writes a run folder.",
      "parlando train --config configs/train/mel128.yaml --data data --run runs/first seed=1\n"
      "  mpirun -np 2 parlando train --config configs/train/mel128.yaml --data data --run "
      "runs/two");
  std::vector<std::string> files, overrides;
  line.app()
      .add_option("--config", files, "training configuration; later files win")
      ->required()
      ->type_name("FILE");
  line.app()
      .add_option("--data", arguments.job.data, "dataset made by preprocess")
      ->required()
      ->type_name("DIR");
  line.app()
      .add_option("--run", arguments.job.run, "run folder; an interrupted run continues")
      ->required()
      ->type_name("DIR");
  line.app().add_flag("--replace", arguments.job.replace,
                      "remove a run of another configuration or dataset");
  line.app().add_flag("--json", arguments.json, "print the result as JSON");
  line.accept_overrides(overrides, describe_config<TrainConfig>());
  if (const std::optional<int> code = line.parse(argc, argv)) return code;
  arguments.job.command = join_text(std::vector<std::string>(argv, argv + argc), " ");
  arguments.job.config = load_config<TrainConfig>(files, overrides);
  return std::nullopt;
}

void print_result(const Json& result, const Arguments& arguments) {
  if (arguments.json) {
    std::cout << result.dump(2) << "\n";
    return;
  }
  const std::string source = (arguments.job.run / "result.json").string();
  std::cout << report::metrics_table(metrics::evaluation_from_json(result, source));
  log_info("report: {}", (arguments.job.run / "report" / "index.html").string());
}

}  // namespace
}  // namespace parlando::train

int main(int argc, char** argv) {
  using namespace parlando;
  train::keep_freed_memory();
  return train::run_rank_program(
      "parlando-train", [&](const dist::LaunchEnvironment& launch) -> train::RankBody {
        train::Arguments arguments;
        if (const std::optional<int> code = train::parse(argc, argv, arguments))
          return {.exit_code = *code, .timeout_seconds = 0, .body = {}};
        const double timeout = arguments.job.config.distributed.timeout_seconds;
        return {.exit_code = 0,
                .timeout_seconds = timeout,
                .body = [arguments, launch](dist::Communicator& host) {
                  const Json result = train::run_train_job(arguments.job, launch, host);
                  if (host.is_root()) train::print_result(result, arguments);
                }};
      });
}
