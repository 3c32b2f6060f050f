#include "experiments/study/report/study_text.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "common/core/progress.h"
#include "common/core/text.h"
#include "common/io/json_number.h"
#include "common/metrics/student.h"
#include "common/report/study/study_row.h"
#include "experiments/sweep/report/status.h"
#include "experiments/sweep/work/sweep_state.h"

namespace parlando::study {
namespace {

constexpr std::size_t kNamesShown = 5;

const sweep::Trial& trial_at(const Study& study, int trial) {
  return study.sweep.trials.at(static_cast<std::size_t>(trial));
}

/// The first of many names.
std::string some_of(const std::vector<std::string>& names) {
  const auto shown = static_cast<std::ptrdiff_t>(std::min(names.size(), kNamesShown));
  std::string text = join_text({names.begin(), names.begin() + shown}, ", ");
  if (names.size() > kNamesShown) text += fmt::format(" and {} more", names.size() - kNamesShown);
  return text;
}

/// Names of the runs that are open, by the reason.
std::map<std::string, std::vector<std::string>> open_by_reason(const Study& study) {
  std::map<std::string, std::vector<std::string>> found;
  for (std::size_t i = 0; i < study.current.size(); ++i) {
    if (study.reasons[i].empty()) continue;
    found[study.reasons[i]].push_back(sweep::trial_name(trial_at(study, study.current[i])));
  }
  return found;
}

struct Failure {
  std::string run, error;
};

std::vector<Failure> failures_of(const Study& study) {
  const sweep::SweepState state(study.sweep);
  std::vector<Failure> failures;
  for (std::size_t i = 0; i < study.current.size(); ++i) {
    const auto outcome = state.outcomes().find(study.current[i]);
    const bool failed = outcome != state.outcomes().end() && !outcome->second.finished;
    if (failed && !study.reasons[i].empty()) {
      failures.push_back(
          {sweep::trial_name(trial_at(study, study.current[i])), outcome->second.error});
    }
  }
  return failures;
}

/// The rows of a study in their order, with the figures that are there.
struct RowResults {
  std::string id;
  std::size_t expected = 0;
  std::vector<double> accuracy, uar;
  std::vector<std::string> leaks;
};

std::vector<RowResults> results_of(const Study& study) {
  std::vector<RowResults> rows;
  for (std::size_t i = 0; i < study.current.size(); ++i) {
    const std::string& id = study.identities[i].row;
    auto found = std::ranges::find(rows, id, &RowResults::id);
    if (found == rows.end()) {
      rows.push_back({.id = id, .expected = 0, .accuracy = {}, .uar = {}, .leaks = {}});
      found = rows.end() - 1;
    }
    ++found->expected;
    if (!study.reasons[i].empty()) continue;
    const report::StudyRow row = report::read_study_row(study.row_of(i));
    found->accuracy.push_back(row.figures.accuracy);
    found->uar.push_back(row.figures.uar);
    found->leaks = row.leaks;
  }
  return rows;
}

std::string mean_text(const std::vector<double>& values) {
  if (values.empty()) return "-";
  const std::string mean = fmt::format("{:.4f}", metrics::mean(values));
  return values.size() == 1
             ? mean
             : fmt::format("{} +- {:.4f}", mean, metrics::standard_deviation(values));
}

}  // namespace

std::string plan_text(const Study& study) {
  std::string text = fmt::format("{}: {} runs, {} to make\n", study.sweep.config.name,
                                 study.current.size(), study.open());
  for (const auto& [reason, names] : open_by_reason(study))
    text += fmt::format("  {} because {}: {}\n", names.size(), reason, some_of(names));
  return trim_text(text);
}

std::string status_text(const Study& study) {
  const sweep::SweepStatus status = sweep::sweep_status(study.sweep);
  const std::vector<Failure> failures = failures_of(study);
  std::string text = fmt::format("{}: {} runs: {} there, {} running, {} to make, {} failed before",
                                 study.sweep.config.name, study.current.size(),
                                 study.current.size() - study.open(), status.running.size(),
                                 study.open(), failures.size());
  if (std::isfinite(status.seconds_left) && !status.running.empty())
    text += fmt::format("; about {} to go", format_duration(status.seconds_left));
  text += "\n";
  for (const sweep::RunningTrial& running : status.running) {
    text += fmt::format("  running  {}  {} epochs  ({})\n",
                        sweep::trial_name(trial_at(study, running.trial)), running.epochs,
                        running.worker);
  }
  return text;
}

Json status_to_json(const Study& study) {
  const sweep::SweepStatus status = sweep::sweep_status(study.sweep);
  Json running = Json::array();
  for (const sweep::RunningTrial& trial : status.running) {
    running.push_back({{"run", sweep::trial_name(trial_at(study, trial.trial))},
                       {"worker", trial.worker},
                       {"epochs", trial.epochs}});
  }
  return {{"runs", study.current.size()}, {"there", study.current.size() - study.open()},
          {"open", study.open()},         {"failed", failures_of(study).size()},
          {"running", running},           {"seconds_left", number_or_null(status.seconds_left)}};
}

std::string results_text(const Study& study) {
  const std::vector<RowResults> rows = results_of(study);
  std::size_t width = 3;
  for (const RowResults& row : rows) width = std::max(width, row.id.size());
  std::string text =
      fmt::format("{:<{}}  {:>7}  {:<18}  {:<18}\n", "row", width, "runs", "accuracy", "UAR");
  for (const RowResults& row : rows) {
    text += fmt::format("{:<{}}  {:>7}  {:<18}  {:<18}{}\n", row.id, width,
                        fmt::format("{}/{}", row.accuracy.size(), row.expected),
                        mean_text(row.accuracy), mean_text(row.uar),
                        row.leaks.empty() ? "" : "  LEAK: " + join_text(row.leaks, ", "));
  }
  for (const Failure& failure : failures_of(study))
    text += fmt::format("failed: {}: {}\n", failure.run, failure.error);
  std::vector<std::string> missing;
  for (const auto& [reason, names] : open_by_reason(study))
    missing.insert(missing.end(), names.begin(), names.end());
  if (!missing.empty())
    text += fmt::format("missing: {} of {}: {}\n", missing.size(), study.current.size(),
                        some_of(missing));
  return text;
}

Json results_to_json(const Study& study) {
  Json rows = Json::array();
  for (const RowResults& row : results_of(study)) {
    rows.push_back({{"row", row.id},
                    {"runs", row.accuracy.size()},
                    {"expected", row.expected},
                    {"accuracy", row.accuracy},
                    {"uar", row.uar},
                    {"leaks", row.leaks}});
  }
  Json failed = Json::array();
  for (const Failure& failure : failures_of(study))
    failed.push_back({{"run", failure.run}, {"error", failure.error}});
  return {{"study", study.sweep.config.name},
          {"rows", rows},
          {"failed", failed},
          {"missing", study.open()}};
}

}  // namespace parlando::study
