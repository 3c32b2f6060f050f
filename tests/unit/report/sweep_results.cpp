#include "tests/unit/report/sweep_results.h"

#include <cmath>
#include <map>

#include "common/io/json_number.h"
#include "tests/support/scratch_folder.h"

namespace parlando::report {
namespace {

std::string file_of(std::size_t number) {
  return fmt::format("{:04}.json", number);
}

bool has_outcome(const MadeUpTrial& trial) {
  return trial.status == "finished" || trial.status == "failed";
}

}  // namespace

SweepResults::SweepResults(std::vector<MadeUpTrial> trials, std::vector<int> rungs)
    : trials_(std::move(trials)), rungs_(std::move(rungs)) {}

int SweepResults::configuration(std::size_t number) const {
  const int given = trials_[number].configuration;
  return given < 0 ? static_cast<int>(number) : given;
}

Json SweepResults::trial_entry(std::size_t number) const {
  const MadeUpTrial& trial = trials_[number];
  Json values = Json::array(), times = Json::array();
  for (std::size_t rung = 0; rung < trial.rung_values.size(); ++rung) {
    values.push_back(number_or_null(trial.rung_values[rung]));
    times.push_back(1000 * (rung + 1) + number);
  }
  const auto reached = static_cast<int>(trial.rung_values.size());
  Json entry{{"trial", number},
             {"configuration", configuration(number)},
             {"status", trial.status},
             {"value", reached == 0 ? Json(nullptr) : values.back()},
             {"ci95", nullptr},
             {"rung", reached - 1},
             {"rung_values", values},
             {"rung_times", times},
             {"epochs", reached == 0 ? 0 : rungs_[static_cast<std::size_t>(reached - 1)]},
             {"best_epoch", 1},
             {"seconds", 1.5},
             {"run", fmt::format("trials/{:04}/run", number)},
             {"parameters", trial.parameters}};
  if (!trial.error.empty()) entry["error"] = trial.error;
  return entry;
}

Json SweepResults::leaderboard() const {
  std::map<int, std::vector<std::size_t>> members;
  for (std::size_t i = 0; i < trials_.size(); ++i) members[configuration(i)].push_back(i);
  Json rows = Json::array();
  for (const auto& [number, trials] : members) {
    Json with_value = Json::array();
    double sum = 0;
    int rung = -1;
    for (const std::size_t i : trials) {
      const MadeUpTrial& trial = trials_[i];
      if (trial.status == "failed" || trial.rung_values.empty()) continue;
      if (!std::isfinite(trial.rung_values.back())) continue;
      with_value.push_back(i);
      sum += trial.rung_values.back();
      rung = static_cast<int>(trial.rung_values.size()) - 1;
    }
    const Json mean =
        with_value.empty() ? Json(nullptr) : Json(sum / static_cast<double>(with_value.size()));
    rows.push_back({{"configuration", number},
                    {"trials", with_value},
                    {"expected", trials.size()},
                    {"mean", mean},
                    {"ci95", with_value.empty() ? Json(nullptr) : Json::array({0.25, 0.75})},
                    {"rung", rung},
                    {"epochs", rungs_.back()}});
  }
  return rows;
}

void SweepResults::write(const std::filesystem::path& folder) const {
  Json trials = Json::array(), missing = Json::array(), failed = Json::array();
  std::string lines;
  for (std::size_t i = 0; i < trials_.size(); ++i) {
    const MadeUpTrial& trial = trials_[i];
    trials.push_back(trial_entry(i));
    lines += "{}\n";
    if (trial.status == "missing") missing.push_back(i);
    if (trial.status == "failed") failed.push_back(i);
    if (has_outcome(trial)) test::write_text(folder / "outcomes" / file_of(i), "{}");
    std::string curve;
    for (std::size_t rung = 0; rung < trial.rung_values.size(); ++rung) {
      test::write_text(folder / "rungs" / std::to_string(rung) / file_of(i), "{}");
      curve += Json{{metric, number_or_null(trial.rung_values[rung])}}.dump() + "\n";
    }
    if (write_curves)
      test::write_text(folder / fmt::format("trials/{:04}/run/metrics.jsonl", i), curve);
  }
  const Json rows = leaderboard();
  const bool any = !rows.empty() && !rows[0]["trials"].empty();
  test::write_text(folder / "sweep.json", "{}");
  test::write_text(folder / "trials.jsonl", lines);
  test::write_text(folder / "results.csv", "trial,configuration\n0,0\n");
  test::write_text(
      folder / "results.json",
      Json{{"format", "parlando sweep results"},
           {"version", 1},
           {"sweep", name},
           {"metric", metric},
           {"larger_is_better", metric != "validation_loss"},
           {"rungs", rungs_},
           {"logarithmic", {"optimizer.learning_rate"}},
           {"complete", missing.empty() && failed.empty()},
           {"missing", missing},
           {"failed", failed},
           {"best", any ? Json{{"configuration", rows[0]["configuration"]}, {"data", "some data"}}
                        : Json(nullptr)},
           {"leaderboard", rows},
           {"trials", trials}}
          .dump());
}

}  // namespace parlando::report
