#include <iostream>
#include <set>
#include <string>
#include <vector>

#include "common/config/command_line.h"
#include "common/core/log.h"
#include "common/core/program.h"
#include "common/io/json.h"
#include "common/io/json_number.h"
#include "common/report/run_report.h"
#include "common/report/study/study_files.h"
#include "common/report/summary_report.h"
#include "common/report/sweep/importance.h"
#include "common/report/sweep/sweep_report.h"
#include "experiments/report/study_verb.h"

namespace parlando::report {
namespace {

namespace fs = std::filesystem;

Json mean_to_json(const MeanSd& figure, std::size_t runs) {
  return Json{{"mean", figure.mean}, {"sd", figure.sd}, {"runs", runs}};
}

Json summary_to_json(const std::vector<RunRecord>& runs, const fs::path& out) {
  Json list = Json::array(), means = Json::array();
  for (const RunRecord& run : runs) {
    Json entry{{"run", run.folder.string()}, {"evaluated", run.evaluation.has_value()}};
    if (run.evaluation) {
      entry["seed"] = run.seed;
      entry["accuracy"] = run.evaluation->accuracy.value;
      entry["uar"] = run.evaluation->uar.value;
      entry["macro_f1"] = run.evaluation->macro_f1.value;
      entry["weighted_f1"] = run.evaluation->weighted_f1.value;
    }
    list.push_back(std::move(entry));
  }
  for (const RunGroup& group : group_runs(runs)) {
    Json names = Json::array();
    for (const std::size_t i : group.runs) names.push_back(runs[i].folder.string());
    const std::size_t n = group.runs.size();
    means.push_back({{"runs", names},
                     {"accuracy", mean_to_json(group.accuracy, n)},
                     {"uar", mean_to_json(group.uar, n)},
                     {"macro_f1", mean_to_json(group.macro_f1, n)},
                     {"weighted_f1", mean_to_json(group.weighted_f1, n)}});
  }
  return Json{{"report", (out / "index.html").string()}, {"runs", list}, {"groups", means}};
}

Json sweep_to_json(const fs::path& folder, const fs::path& out) {
  const SweepRecord sweep = read_sweep(folder);
  Json parameters = Json::array();
  for (const Importance& entry : parameter_importance(sweep)) {
    parameters.push_back({{"key", sweep.parameters[entry.parameter].key},
                          {"share", number_or_null(entry.share)},
                          {"p", number_or_null(entry.p)},
                          {"spearman", number_or_null(entry.rho)},
                          {"groups", entry.groups},
                          {"configurations", entry.configurations}});
  }
  const SweepRow* best = sweep.best();
  return {{"report", (out / "index.html").string()},
          {"sweep", sweep.name},
          {"metric", sweep.metric},
          {"best", best == nullptr ? Json(nullptr)
                                   : Json{{"configuration", best->configuration},
                                          {"mean", number_or_null(best->mean)},
                                          {"trials", best->trials}}},
          {"parameters", parameters}};
}

/// A run given twice would count twice in the mean.
void refuse_repeats(const std::vector<std::string>& folders) {
  std::set<fs::path> seen;
  for (const std::string& folder : folders) {
    if (!seen.insert(fs::weakly_canonical(folder)).second) {
      fail(ErrorKind::usage, "the run {} is given twice", folder);
    }
  }
}

/// A summary is of runs.
void refuse_others_among(const std::vector<std::string>& folders) {
  for (const std::string& folder : folders) {
    if (folders.size() == 1) return;
    const char* kind = is_sweep(folder) ? "sweep" : is_study(folder) ? "study" : nullptr;
    if (kind != nullptr)
      fail(ErrorKind::usage, "{} is a {}: it gets a report of its own, alone", folder, kind);
  }
}

int run_report(int argc, char** argv) {
  CommandLine command(
      "report", "Writes the report of a run, a sweep or a study, or a summary of several runs.",
      "parlando report runs/seed1 runs/seed2 runs/seed3 --out report");
  std::vector<std::string> folders;
  std::string out;
  bool json = false;
  StudyArguments of_study;
  command.app()
      .add_option("run", folders,
                  "run folders, or one sweep's, or one study: its file or its folder of results")
      ->required();
  command.app().add_option("--out", out,
                           "folder for the report (default: report/ in the run, the sweep or the "
                           "study's results)");
  command.app().add_flag("--json", json, "the figures as one JSON document on stdout");
  of_study.declare(command.app());
  if (const auto code = command.parse(argc, argv)) return *code;
  if (out.empty() && folders.size() > 1) fail(ErrorKind::usage, "several runs need --out DIR");

  refuse_repeats(folders);
  refuse_others_among(folders);
  const std::vector<fs::path> paths(folders.begin(), folders.end());
  if (is_study(paths.front())) return report_study(paths.front(), out, of_study, json);
  of_study.refuse_for(folders.front());
  const fs::path target = out.empty() ? paths.front() / "report" : fs::path(out);
  const bool sweep = is_sweep(paths.front());
  if (sweep) {
    write_sweep_report(paths.front(), target);
  } else if (paths.size() == 1) {
    write_run_report(paths.front(), target);
  } else {
    write_summary_report(paths, target);
  }
  log_info("report written to {}", (target / "index.html").string());
  if (json && sweep) {
    std::cout << sweep_to_json(paths.front(), target).dump(2) << '\n';
  } else if (json) {
    std::vector<RunRecord> runs;
    for (const fs::path& path : paths) runs.push_back(read_run(path));
    std::cout << summary_to_json(runs, target).dump(2) << '\n';
  }
  return 0;
}

}  // namespace
}  // namespace parlando::report

int main(int argc, char** argv) {
  return parlando::run_program("parlando-report",
                               [&] { return parlando::report::run_report(argc, argv); });
}
