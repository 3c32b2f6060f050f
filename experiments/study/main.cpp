#include <algorithm>
#include <iostream>
#include <thread>

#include <unistd.h>

#include "common/config/command_line.h"
#include "common/config/config.h"
#include "common/core/error.h"
#include "common/core/log.h"
#include "common/core/program.h"
#include "experiments/study/folder/hooks.h"
#include "experiments/study/folder/study_folder.h"
#include "experiments/study/report/study_text.h"
#include "experiments/sweep/submit/submission_text.h"
#include "experiments/sweep/submit/submit.h"
#include "experiments/sweep/submit/work_element.h"
#include "experiments/sweep/work/local_run.h"

namespace parlando::study {
namespace {

struct Arguments {
  std::string action;
  StudyRequest request;
  sweep::LocalRunOptions local;
  bool no_pin = false, watch = false, json = false;
  int round = 0, element = -1;
};

void add_run_options(CLI::App& app, Arguments& arguments) {
  StudyRequest& request = arguments.request;
  request.results = "experiments/results";
  app.add_option("--config", request.config, "run, submit: the study")->type_name("FILE");
  app.add_option("--corpus", request.corpus, "run, submit: the clips")->type_name("DIR");
  app.add_option("--out", request.out, "where it works; default: studies/NAME")->type_name("DIR");
  app.add_option("--results", request.results, "where its rows are written, in a folder NAME")
      ->type_name("DIR")
      ->capture_default_str();
  app.add_option("--only", request.only,
                 "run: make ROW, ROW/SEED or ROW/SEED/FOLD again, whatever is there; may stand "
                 "several times")
      ->type_name("RUN")
      ->allow_extra_args(false);
  app.add_flag("--tidy", request.tidy,
               "remove checkpoints and datasets that no run needs any more");
}

std::optional<int> parse(int argc, char** argv, Arguments& arguments) {
  CommandLine line("study",
                   "Trains the rows of a study, each with the same seeds, and writes a file of "
                   "results for each run. Rows that are there and are what the study would make "
                   "are left alone. run: on this machine; submit: as SLURM array jobs; status: how "
                   "far it is; collect: the rows, what is missing or failed. The same command "
                   "continues.",
                   "parlando study run --config experiments/studies/mfcc121-ablations.yaml "
                   "--corpus RAVDESS\n  parlando study status --out studies/mfcc121-ablations");
  CLI::App& app = line.app();
  app.add_option("action", arguments.action,
                 "run, submit, status, collect; work: one array element")
      ->required()
      ->check(CLI::IsMember({"run", "submit", "status", "collect", "work"}));
  add_run_options(app, arguments);
  app.add_option("--jobs", arguments.local.jobs,
                 "run: runs at a time; 0 = as many as cores or GPUs allow")
      ->check(CLI::Range(0, 4096));
  app.add_option("--gpus", arguments.local.gpus, "run: spread over these, such as 0,1")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--jobs-per-gpu", arguments.local.jobs_per_gpu, "run: at a time on each GPU")
      ->check(CLI::Range(1, 64));
  app.add_flag("--no-pin", arguments.no_pin, "run: leave runs unpinned from cores");
  app.add_flag("--watch", arguments.watch, "status: again and again, until nothing is open");
  app.add_option("--round", arguments.round, "work: of study submit")->group("Array elements");
  app.add_option("--element", arguments.element, "work: from 0")->group("Array elements");
  app.add_flag("--json", arguments.json, "print JSON");
  line.accept_overrides(arguments.request.keys, describe_config<MachineConfig>());
  if (const std::optional<int> code = line.parse(argc, argv)) return code;
  arguments.local.pin = !arguments.no_pin;
  return std::nullopt;
}

std::filesystem::path folder_of(const Arguments& arguments) {
  if (arguments.request.out.empty())
    fail(ErrorKind::usage, "--out DIR is required: the folder that the study works in");
  return arguments.request.out;
}

Study make(const Arguments& arguments) {
  const StudyRequest& request = arguments.request;
  if (request.config.empty())
    fail(ErrorKind::usage, "--config FILE is required: experiments/studies/ has some");
  if (request.corpus.empty())
    fail(ErrorKind::usage, "--corpus DIR is required: the clips that the study is about");
  return make_study(request);
}

/// 3 if runs failed or are missing; with `asked`, of these alone.
int print_results(Study& study, bool json, const std::vector<std::size_t>& asked = {}) {
  refresh(study);
  std::cout << (json ? results_to_json(study).dump(2) + "\n" : results_text(study));
  log_info("rows in {}", (study.results / study.sweep.config.name).string());
  const auto made = [&](std::size_t i) {
    return study.reasons[i].empty() && has_finished(study.sweep, study.current[i]);
  };
  const bool complete = asked.empty() ? study.open() == 0 : std::ranges::all_of(asked, made);
  return complete ? 0 : static_cast<int>(ErrorKind::data);
}

int run(const Arguments& arguments) {
  Study study = make(arguments);
  if (study.open() == 0) {
    log_info("{}: all {} runs are there, nothing to do", study.sweep.config.name,
             study.current.size());
    return print_results(study, arguments.json);
  }
  log_info("{}", plan_text(study));
  std::vector<std::size_t> asked;
  for (std::size_t i = 0; i < study.current.size() && !arguments.request.only.empty(); ++i) {
    if (!study.reasons[i].empty()) asked.push_back(i);
  }
  add_hooks(study);
  {
    const StopRequest stop;
    sweep::run_locally(study.sweep, arguments.local, stop);
  }
  tidy_up(study);
  return print_results(study, arguments.json, asked);
}

int submit_round(const Arguments& arguments) {
  const Study study = make(arguments);
  log_info("{}", plan_text(study));
  sweep::print_submission(sweep::submit(study.sweep), arguments.json);
  return 0;
}

int show_status(const Arguments& arguments) {
  Study study = open_study(folder_of(arguments));
  for (;;) {
    if (arguments.watch && isatty(STDOUT_FILENO) != 0) std::cout << "\x1b[H\x1b[2J";
    std::cout << (arguments.json ? status_to_json(study).dump(2) + "\n" : status_text(study))
              << std::flush;
    if (!arguments.watch || study.open() == 0) return 0;
    std::this_thread::sleep_for(std::chrono::seconds(2));
    refresh(study);
  }
}

int work(const Arguments& arguments) {
  Study study = open_study(folder_of(arguments));
  study.sweep.left_out.clear();  // the element has its trials by number
  add_hooks(study);
  const StopRequest stop;
  sweep::work_element(study.sweep, arguments.round, arguments.element, stop);
  return 0;
}

int collect(const Arguments& arguments) {
  Study study = open_study(folder_of(arguments));
  tidy_up(study);
  return print_results(study, arguments.json);
}

int dispatch(const Arguments& arguments) {
  if (arguments.action == "run") return run(arguments);
  if (arguments.action == "submit") return submit_round(arguments);
  if (arguments.action == "status") return show_status(arguments);
  if (arguments.action == "work") return work(arguments);
  return collect(arguments);
}

}  // namespace
}  // namespace parlando::study

int main(int argc, char** argv) {
  using namespace parlando;
  return run_program("parlando-study", [&] {
    study::Arguments arguments;
    if (const std::optional<int> code = study::parse(argc, argv, arguments)) return *code;
    return study::dispatch(arguments);
  });
}
