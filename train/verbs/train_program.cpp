#include "train/verbs/train_program.h"

#include <iostream>

#include "common/config/command_line.h"
#include "common/core/error.h"
#include "common/core/log.h"
#include "common/core/text.h"
#include "common/metrics/evaluation_json.h"
#include "common/report/console_table.h"
#include "train/measure/measure.h"
#include "train/run/memory.h"
#include "train/run/run_folder.h"
#include "train/run/train_job.h"

namespace parlando::train {
namespace {

struct Arguments {
  TrainJobOptions job;
  bool json = false;
  bool dry_run = false;
  int profile_steps = 0;  ///< 0: train

  bool measures() const { return dry_run || profile_steps > 0; }
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
      ->type_name("DIR");
  line.app().add_flag("--replace", arguments.job.replace,
                      "remove a run of another configuration or dataset");
  line.app()
      .add_option("--until-epoch", arguments.job.until_epoch,
                  "stop with exit code 85 after so many epochs; the run continues without it, or "
                  "with a larger one")
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000));
  bool no_test = false;
  line.app().add_flag("--no-test", no_test,
                      "leave the test side unread; the same command without it tests later");
  CLI::Option* dry_run = line.app().add_flag(
      "--dry-run", arguments.dry_run,
      "print shapes, parameters, steps, memory and an estimate of the time; write nothing");
  line.app()
      .add_option("--profile", arguments.profile_steps,
                  "run N steps and print where their time goes; write nothing")
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000))
      ->excludes(dry_run);
  line.app().add_flag("--json", arguments.json, "print the result as JSON");
  line.accept_overrides(overrides, describe_train_config());
  if (const std::optional<int> code = line.parse(argc, argv)) return code;
  if (arguments.measures()) {
    arguments.job.run.clear();
  } else if (arguments.job.run.empty()) {
    fail(ErrorKind::usage, "--run DIR is required: the folder that the run is written to");
  }
  arguments.job.test = !no_test;
  arguments.job.command = join_text(std::vector<std::string>(argv, argv + argc), " ");
  arguments.job.config = load_train_config(files, overrides);
  return std::nullopt;
}

void print_result(const Json& result, const Arguments& arguments) {
  if (arguments.json) {
    std::cout << result.dump(2) << "\n";
    return;
  }
  const std::string source = (arguments.job.run / "result.json").string();
  if (!arguments.job.test) log_info("figures of the validation side; the test side is unread");
  std::cout << report::metrics_table(metrics::evaluation_from_json(result, source));
  log_info("report: {}", (arguments.job.run / "report" / "index.html").string());
}

void measure(const Arguments& arguments, const dist::LaunchEnvironment& launch,
             const RankContext& context) {
  const Json result = measure_job(arguments.job, launch, context, [&](const ReadyJob& job) {
    return arguments.dry_run ? dry_run(job) : profile(job, arguments.profile_steps);
  });
  if (!context.host.is_root()) return;
  if (arguments.json) {
    std::cout << result.dump(2) << "\n";
  } else {
    std::cout << (arguments.dry_run ? dry_run_text(result) : profile_text(result));
  }
}

}  // namespace

int run_train_program(int argc, char** argv, const OperationObserver& observer) {
  keep_freed_memory();
  const auto prepare = [&](const dist::LaunchEnvironment& launch) -> RankBody {
    Arguments arguments;
    RankBody body;
    if (const std::optional<int> code = parse(argc, argv, arguments)) {
      body.exit_code = *code;
      return body;
    }
    body.first_timeout_seconds = arguments.job.config.distributed.first_timeout_seconds;
    body.timeout_seconds = arguments.job.config.distributed.timeout_seconds;
    if (!arguments.measures()) body.board = arguments.job.run / run_files::kRanks;
    body.body = [arguments, launch](const RankContext& context) {
      if (arguments.measures()) return measure(arguments, launch, context);
      const Json result = run_train_job(arguments.job, launch, context);
      if (context.host.is_root()) print_result(result, arguments);
    };
    return body;
  };
  return run_rank_program("parlando-train", prepare, observer);
}

}  // namespace parlando::train
