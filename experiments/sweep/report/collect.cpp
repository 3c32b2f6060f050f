#include "experiments/sweep/report/collect.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "common/config/config.h"
#include "common/core/text.h"
#include "common/io/atomic_file.h"
#include "common/io/json_number.h"
#include "common/report/escape.h"
#include "experiments/sweep/space/search_space.h"
#include "preprocess/pipeline/preprocess_config.h"
#include "train/run/train_config.h"

namespace parlando::sweep {
namespace {

constexpr std::size_t kRowsShown = 10;
constexpr int kVersion = 1;  ///< of results.json

std::string number_or_empty(double value) {
  return std::isfinite(value) ? fmt::format("{}", value) : "";
}

Json interval_to_json(const std::optional<Interval>& interval) {
  return interval ? Json::array({interval->low, interval->high}) : Json(nullptr);
}

Json numbers_to_json(const std::vector<double>& values) {
  Json json = Json::array();
  for (const double value : values) json.push_back(number_or_null(value));
  return json;
}

/// All keys that any trial has, in order.
std::vector<std::string> parameter_names(const Sweep& sweep) {
  std::set<std::string> names;
  for (const Trial& trial : sweep.trials) {
    for (const auto& [key, value] : trial.parameters) names.insert(key);
  }
  return {names.begin(), names.end()};
}

std::string value_of(const Trial& trial, const std::string& key) {
  const auto found =
      std::ranges::find(trial.parameters, key, &std::pair<std::string, std::string>::first);
  return found == trial.parameters.end() ? "" : found->second;
}

std::string to_csv(const Sweep& sweep, const std::vector<TrialResult>& results) {
  const std::vector<std::string> names = parameter_names(sweep);
  std::string text = fmt::format(
      "trial,configuration,status,seed,fold,{},ci95_low,ci95_high,epochs,best_epoch,seconds,"
      "dataset,error",
      sweep.config.metric.name);
  for (const std::string& name : names) text += fmt::format(",{}", report::escape_csv(name));
  text += "\n";
  for (const TrialResult& result : results) {
    const Trial& trial = sweep.trials[static_cast<std::size_t>(result.trial)];
    text += fmt::format(
        "{},{},{},{},{},{},{},{},{},{},{},{},{}", trial.index, trial.configuration,
        status_name(result.status), trial.seed ? std::to_string(*trial.seed) : "",
        trial.fold ? std::to_string(*trial.fold) : "", number_or_empty(result.value),
        result.ci95 ? number_or_empty(result.ci95->low) : "",
        result.ci95 ? number_or_empty(result.ci95->high) : "", result.epochs, result.best_epoch,
        number_or_empty(result.seconds), trial.dataset, report::escape_csv(result.error));
    for (const std::string& name : names)
      text += fmt::format(",{}", report::escape_csv(value_of(trial, name)));
    text += "\n";
  }
  return text;
}

Json trial_entry(const Sweep& sweep, const TrialResult& result) {
  const Trial& trial = sweep.trials[static_cast<std::size_t>(result.trial)];
  Json json{{"trial", trial.index},
            {"configuration", trial.configuration},
            {"status", status_name(result.status)},
            {"value", number_or_null(result.value)},
            {"ci95", interval_to_json(result.ci95)},
            {"rung", result.rung},
            {"rung_values", numbers_to_json(result.rung_values)},
            {"rung_times", result.rung_times},
            {"epochs", result.epochs},
            {"best_epoch", result.best_epoch},
            {"seconds", result.seconds},
            {"run", sweep.run_folder(trial.index).lexically_relative(sweep.folder).string()}};
  if (trial.seed) json["seed"] = *trial.seed;
  if (trial.fold) json["fold"] = *trial.fold;
  if (!trial.dataset.empty()) json["dataset"] = trial.dataset;
  if (!result.error.empty()) json["error"] = result.error;
  json["parameters"] = Json::object();
  for (const auto& [key, value] : trial.parameters) json["parameters"][key] = yaml_to_json(value);
  return json;
}

/// Parameters whose values belong on a logarithmic axis.
Json logarithmic_keys(const SweepConfig& config) {
  Json keys = Json::array();
  const SearchSpace space(config.parameters);
  for (const auto& [key, distribution] : space.distributions()) {
    if (distribution.logarithmic()) keys.push_back(key);
  }
  return keys;
}

/// A trial of the configuration that best.yaml has; null if no trial has a value.
const Trial* trial_of_best(const Sweep& sweep, const Collection& collection) {
  if (collection.rows.empty() || collection.rows.front().trials.empty()) return nullptr;
  return &sweep.trials[static_cast<std::size_t>(collection.rows.front().trials.front())];
}

Json best_entry(const Sweep& sweep, const Collection& collection) {
  const Trial* best = trial_of_best(sweep, collection);
  if (best == nullptr) return nullptr;
  return {{"configuration", best->configuration}, {"data", sweep.dataset(*best).string()}};
}

void write_best(const Sweep& sweep, const Collection& collection) {
  const Trial* trial = trial_of_best(sweep, collection);
  if (trial == nullptr) return;
  const Trial& best = *trial;
  write_file_atomically(sweep.folder / sweep_files::kBest, best_config(sweep, best.index));
  if (best.preprocess_keys().empty()) return;
  const auto preprocess = load_config<preprocess::PreprocessConfig>(
      {(sweep.folder / sweep_files::kPreprocess).string()}, best.preprocess_keys());
  write_file_atomically(sweep.folder / sweep_files::kBestPreprocess, dump_config(preprocess));
}

std::string numbers(const std::vector<int>& trials) {
  std::vector<std::string> texts;
  for (const int trial : trials) texts.push_back(std::to_string(trial));
  return join_text(texts, ", ");
}

}  // namespace

std::string best_config(const Sweep& sweep, int trial) {
  Trial best = sweep.trials[static_cast<std::size_t>(trial)];
  best.seed.reset();
  best.fold.reset();
  const auto config =
      train::load_train_config({(sweep.folder / sweep_files::kTrain).string()}, best.train_keys());
  return fmt::format(
             "# Best configuration of the sweep {} by {} ({}).\n"
             "#   parlando train --config best.yaml --data {} --run RUN\n",
             sweep.config.name, sweep.config.metric.name, describe(best.parameters),
             sweep.dataset(best).string()) +
         train::dump_train_config(config);
}

Collection collect(const Sweep& sweep) {
  const SweepState state(sweep);
  Collection collection;
  collection.trials = trial_results(sweep, state, true);
  collection.rows = leaderboard(sweep, collection.trials);
  std::set<int> open;
  for (const Job& job : open_jobs(sweep.plan, state.halving(0))) open.insert(job.trial);
  for (const TrialResult& result : collection.trials) {
    if (result.status == TrialStatus::failed) collection.failed.push_back(result.trial);
    if (open.contains(result.trial)) collection.missing.push_back(result.trial);
  }
  write_file_atomically(sweep.folder / sweep_files::kResultsCsv, to_csv(sweep, collection.trials));
  write_json(sweep.folder / sweep_files::kResultsJson, collection_to_json(sweep, collection));
  write_best(sweep, collection);
  return collection;
}

Json collection_to_json(const Sweep& sweep, const Collection& collection) {
  Json trials = Json::array(), rows = Json::array();
  for (const TrialResult& result : collection.trials) trials.push_back(trial_entry(sweep, result));
  for (const LeaderboardRow& row : collection.rows) {
    rows.push_back({{"configuration", row.configuration},
                    {"trials", row.trials},
                    {"expected", row.expected},
                    {"mean", number_or_null(row.mean)},
                    {"ci95", interval_to_json(row.ci95)},
                    {"rung", row.rung},
                    {"epochs", row.epochs}});
  }
  return {{"format", "parlando sweep results"},
          {"version", kVersion},
          {"sweep", sweep.config.name},
          {"metric", sweep.config.metric.name},
          {"larger_is_better", sweep.plan.larger_is_better},
          {"rungs", sweep.plan.rungs},
          {"logarithmic", logarithmic_keys(sweep.config)},
          {"complete", collection.complete()},
          {"missing", collection.missing},
          {"failed", collection.failed},
          {"best", best_entry(sweep, collection)},
          {"leaderboard", rows},
          {"trials", trials}};
}

std::string collection_text(const Sweep& sweep, const Collection& collection) {
  std::string text = fmt::format("{:>4}  {:>20}  {:>18}  {:>6}  {}\n", "rank",
                                 sweep.config.metric.name, "95 %", "epochs", "configuration");
  for (std::size_t i = 0; i < std::min(collection.rows.size(), kRowsShown); ++i) {
    const LeaderboardRow& row = collection.rows[i];
    if (row.trials.empty()) break;
    const Trial& trial = sweep.trials[static_cast<std::size_t>(row.trials.front())];
    std::string note;
    if (row.trials.size() < row.expected)
      note = fmt::format("  ({} of {} trials)", row.trials.size(), row.expected);
    text +=
        fmt::format("{:>4}  {:>20.4f}  {:>18}  {:>6}  {}{}\n", i + 1, row.mean,
                    row.ci95 ? fmt::format("[{:.4f}, {:.4f}]", row.ci95->low, row.ci95->high) : "-",
                    row.epochs, describe(trial.parameters), note);
  }
  if (!collection.missing.empty()) {
    text += fmt::format("missing: {} of {} trials: {}\n", collection.missing.size(),
                        sweep.trials.size(), numbers(collection.missing));
  }
  std::map<std::string, std::vector<int>> failures;
  for (const int trial : collection.failed)
    failures[collection.trials[static_cast<std::size_t>(trial)].error].push_back(trial);
  for (const auto& [error, trials] : failures) {
    text += fmt::format("failed: {} of {} trials: {}: {}\n", trials.size(), sweep.trials.size(),
                        numbers(trials), error);
  }
  return text;
}

}  // namespace parlando::sweep
