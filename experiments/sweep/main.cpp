#include <iostream>
#include <thread>

#include <unistd.h>

#include "common/config/command_line.h"
#include "common/core/cpu.h"
#include "common/core/error.h"
#include "common/core/log.h"
#include "common/core/program.h"
#include "experiments/sweep/folder/sweep_folder.h"
#include "experiments/sweep/report/collect.h"
#include "experiments/sweep/report/status.h"
#include "experiments/sweep/submit/submission_text.h"
#include "experiments/sweep/submit/submit.h"
#include "experiments/sweep/submit/work_element.h"
#include "experiments/sweep/work/local_run.h"

namespace parlando::sweep {
namespace {

struct Arguments {
  std::string action, config;
  std::filesystem::path out;
  std::vector<std::string> overrides;
  LocalRunOptions local;
  bool no_pin = false, watch = false, json = false;
  int round = 0, element = -1;
};

std::optional<int> parse(int argc, char** argv, Arguments& arguments) {
  CommandLine line("sweep",
                   "Trains many configurations and compares them on the validation side. "
                   "run: on this machine; submit: as SLURM array jobs; status: how far it is; "
                   "collect: results, what is missing or failed. The same command continues, and "
                   "takes up what is missing or failed.",
                   "parlando sweep run --config configs/sweep/mfcc121-random.yaml --out sweeps/a "
                   "data=data\n  parlando sweep status --out sweeps/a --watch");
  CLI::App& app = line.app();
  app.add_option("action", arguments.action,
                 "run, submit, status, collect; work: one array element")
      ->required()
      ->check(CLI::IsMember({"run", "submit", "status", "collect", "work"}));
  app.add_option("--out", arguments.out, "the sweep's folder")->required()->type_name("DIR");
  app.add_option("--config", arguments.config,
                 "the sweep; a sweep that is in the folder needs none")
      ->type_name("FILE");
  app.add_option("--jobs", arguments.local.jobs,
                 "run: trials at a time; 0 = as many as cores or GPUs allow")
      ->check(CLI::Range(0, 4096));
  app.add_option("--gpus", arguments.local.gpus, "run: spread trials over these, such as 0,1")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--jobs-per-gpu", arguments.local.jobs_per_gpu,
                 "run: trials at a time on each GPU")
      ->check(CLI::Range(1, 64));
  app.add_flag("--no-pin", arguments.no_pin, "run: leave trials unpinned from cores");
  app.add_flag("--watch", arguments.watch, "status: again and again, until nothing is open");
  app.add_option("--round", arguments.round, "work: of sweep submit")->group("Array elements");
  app.add_option("--element", arguments.element, "work: from 0")->group("Array elements");
  app.add_flag("--json", arguments.json, "print JSON");
  line.accept_overrides(arguments.overrides, describe_sweep_config());
  if (const std::optional<int> code = line.parse(argc, argv)) return code;
  arguments.local.pin = !arguments.no_pin;
  return std::nullopt;
}

Sweep make_or_open(const Arguments& arguments) {
  if (arguments.config.empty()) {
    if (!arguments.overrides.empty())
      fail(ErrorKind::usage, "keys are given, but no --config that they change");
    return open_sweep(arguments.out);
  }
  return create_sweep(load_sweep_config(arguments.config, arguments.overrides), arguments.out);
}

/// Prints what there is; 3 if trials failed or are missing.
int print_collection(const Sweep& sweep, bool json) {
  const Collection collection = collect(sweep);
  std::cout << (json ? collection_to_json(sweep, collection).dump(2) + "\n"
                     : collection_text(sweep, collection));
  const bool has_best = std::filesystem::exists(sweep.folder / sweep_files::kBest);
  log_info("{}{} in {}", sweep_files::kResultsCsv,
           has_best ? fmt::format(" and {}", sweep_files::kBest) : "", sweep.folder.string());
  return collection.complete() ? 0 : static_cast<int>(ErrorKind::data);
}

int run(const Arguments& arguments) {
  const Sweep sweep = make_or_open(arguments);
  {
    const StopRequest stop;
    run_locally(sweep, arguments.local, stop);
  }
  return print_collection(sweep, arguments.json);
}

int submit_round(const Arguments& arguments) {
  print_submission(submit(make_or_open(arguments)), arguments.json);
  return 0;
}

int show_status(const Arguments& arguments) {
  const Sweep sweep = open_sweep(arguments.out);
  const bool terminal = isatty(STDOUT_FILENO) != 0;
  for (;;) {
    const SweepStatus status = sweep_status(sweep);
    if (arguments.watch && terminal) std::cout << "\x1b[H\x1b[2J";
    std::cout << (arguments.json ? status_to_json(status).dump(2) + "\n"
                                 : status_text(sweep, status))
              << std::flush;
    if (!arguments.watch || (status.waiting == 0 && status.running.empty())) return 0;
    std::this_thread::sleep_for(std::chrono::seconds(2));
  }
}

int work(const Arguments& arguments) {
  const StopRequest stop;
  work_element(open_sweep(arguments.out), arguments.round, arguments.element, stop);
  return 0;
}

int dispatch(const Arguments& arguments) {
  if (arguments.action == "run") return run(arguments);
  if (arguments.action == "submit") return submit_round(arguments);
  if (arguments.action == "status") return show_status(arguments);
  if (arguments.action == "work") return work(arguments);
  return print_collection(open_sweep(arguments.out), arguments.json);
}

}  // namespace
}  // namespace parlando::sweep

int main(int argc, char** argv) {
  using namespace parlando;
  return run_program("parlando-sweep", [&] {
    sweep::Arguments arguments;
    if (const std::optional<int> code = sweep::parse(argc, argv, arguments)) return *code;
    return sweep::dispatch(arguments);
  });
}
