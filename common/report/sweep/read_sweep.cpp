#include <algorithm>
#include <cmath>

#include "common/core/error.h"
#include "common/io/json.h"
#include "common/io/json_lines.h"
#include "common/report/numbers.h"
#include "common/report/sweep/sweep_record.h"

namespace parlando::report {
namespace {

namespace fs = std::filesystem;

constexpr int kVersion = 1;  ///< of results.json
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double number_of(const Json& value) {
  return value.is_number() ? value.get<double>() : kNone;
}

/// A scalar as text; "" if the key is absent.
std::string text_of(const Json& object, const std::string& key) {
  const auto found = object.find(key);
  if (found == object.end()) return "";
  return found->is_string() ? found->get<std::string>() : found->dump();
}

ParameterValue value_of(const Json& json) {
  ParameterValue value{json.is_string() ? json.get<std::string>() : json.dump(), number_of(json)};
  if (std::isfinite(value.number)) value.text = compact(value.number);
  return value;
}

/// The metric after each epoch, from metrics.jsonl.
std::vector<double> read_curve(const fs::path& run, const std::string& metric) {
  std::vector<double> curve;
  for (const Json& line : read_json_lines(run / "metrics.jsonl")) {
    const auto found = line.find(metric);
    curve.push_back(found == line.end() ? kNone : number_of(*found));
  }
  return curve;
}

SweepTrial read_trial(const Json& json, const SweepRecord& sweep, const std::string& source) {
  SweepTrial trial;
  trial.number = json_get<int>(json, "trial", source);
  const std::string place = fmt::format("{}: trial {}", source, trial.number);
  if (trial.number != static_cast<int>(sweep.trials.size()))
    fail(ErrorKind::artefact, "{} is out of order; 'parlando sweep collect' makes the file anew",
         place);
  trial.configuration = json_get<int>(json, "configuration", place);
  trial.status = json_get<std::string>(json, "status", place);
  trial.value = number_of(json_get<Json>(json, "value", place));
  for (const Json& value : json_get<Json>(json, "rung_values", place))
    trial.rung_values.push_back(number_of(value));
  trial.rung_times = json_get<std::vector<std::int64_t>>(json, "rung_times", place);
  trial.epochs = json_get<std::int64_t>(json, "epochs", place);
  trial.best_epoch = json_get<std::int64_t>(json, "best_epoch", place);
  trial.seed = text_of(json, "seed");
  trial.fold = text_of(json, "fold");
  trial.error = text_of(json, "error");
  const Json parameters = json_get<Json>(json, "parameters", place);
  for (const auto& [key, value] : parameters.items()) trial.parameters[key] = value_of(value);
  trial.curve = read_curve(sweep.folder / json_get<std::string>(json, "run", place), sweep.metric);
  return trial;
}

SweepRow read_row(const Json& json, std::size_t trials, const std::string& source) {
  SweepRow row;
  row.configuration = json_get<int>(json, "configuration", source);
  row.trials = json_get<std::vector<int>>(json, "trials", source);
  for (const int trial : row.trials) {
    if (trial < 0 || static_cast<std::size_t>(trial) >= trials)
      fail(ErrorKind::artefact, "{}: configuration {} has a trial {} that is not there", source,
           row.configuration, trial);
  }
  row.expected = json_get<std::size_t>(json, "expected", source);
  row.mean = number_of(json_get<Json>(json, "mean", source));
  const Json ci95 = json_get<Json>(json, "ci95", source);
  if (!ci95.is_null()) row.ci95 = json_get<std::pair<double, double>>(json, "ci95", source);
  row.rung = json_get<int>(json, "rung", source);
  row.epochs = json_get<std::int64_t>(json, "epochs", source);
  return row;
}

std::size_t json_files(const fs::path& folder) {
  if (!fs::exists(folder)) return 0;
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") == name.find(".json") && name.ends_with(".json"))
      ++count;
  }
  return count;
}

/// The results know of every trial, outcome and rung entry of the folder.
bool up_to_date(const SweepRecord& sweep) {
  std::size_t outcomes = 0;
  std::vector<std::size_t> entries(sweep.rungs.size());
  for (const SweepTrial& trial : sweep.trials) {
    if (trial.status == "finished" || trial.status == "failed") ++outcomes;
    for (std::size_t rung = 0; rung < std::min(trial.rung_values.size(), entries.size()); ++rung)
      ++entries[rung];
  }
  if (json_files(sweep.folder / "outcomes") != outcomes) return false;
  for (std::size_t rung = 0; rung < entries.size(); ++rung) {
    if (json_files(sweep.folder / "rungs" / std::to_string(rung)) != entries[rung]) return false;
  }
  return read_json_lines(sweep.folder / "trials.jsonl").size() == sweep.trials.size();
}

}  // namespace

bool is_sweep(const fs::path& folder) {
  return fs::exists(folder / "sweep.json");
}

SweepRecord read_sweep(const fs::path& folder) {
  const fs::path path = folder / "results.json";
  const std::string source = path.string();
  const std::string remedy =
      fmt::format("run 'parlando sweep collect --out {}' first", folder.string());
  if (!fs::exists(path)) fail(ErrorKind::artefact, "{}: not there; {}", source, remedy);
  const Json json = read_json(path);
  if (!json.is_object() || !json.contains("version") || json["version"] != kVersion)
    fail(ErrorKind::artefact, "{}: of another version of parlando; {}", source, remedy);

  SweepRecord sweep;
  sweep.folder = folder;
  sweep.name = json_get<std::string>(json, "sweep", source);
  sweep.metric = json_get<std::string>(json, "metric", source);
  sweep.larger_is_better = json_get<bool>(json, "larger_is_better", source);
  sweep.rungs = json_get<std::vector<std::int64_t>>(json, "rungs", source);
  if (sweep.rungs.empty()) fail(ErrorKind::artefact, "{}: has no rung; {}", source, remedy);
  for (const Json& trial : json_get<Json>(json, "trials", source))
    sweep.trials.push_back(read_trial(trial, sweep, source));
  if (sweep.trials.empty()) fail(ErrorKind::artefact, "{}: has no trial; {}", source, remedy);
  for (const Json& row : json_get<Json>(json, "leaderboard", source))
    sweep.rows.push_back(read_row(row, sweep.trials.size(), source));
  for (const int trial : json_get<std::vector<int>>(json, "missing", source)) {
    if (trial >= 0 && static_cast<std::size_t>(trial) < sweep.trials.size())
      sweep.trials[static_cast<std::size_t>(trial)].open = true;
  }
  const Json best = json_get<Json>(json, "best", source);
  if (best.is_object()) sweep.best_data = json_get<std::string>(best, "data", source);
  if (!up_to_date(sweep)) {
    fail(ErrorKind::artefact, "{}: older than the trials in the folder; {}", source, remedy);
  }
  find_parameters(sweep, json_get<std::vector<std::string>>(json, "logarithmic", source));
  return sweep;
}

}  // namespace parlando::report
