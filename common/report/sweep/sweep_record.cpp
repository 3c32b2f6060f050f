#include "common/report/sweep/sweep_record.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "common/report/numbers.h"

namespace parlando::report {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMostColumns = 6;  ///< more numbers than that get an axis

/// Numbers in their order, then texts in theirs.
std::vector<ParameterValue> distinct_values(const SweepRecord& sweep, const std::string& key) {
  std::map<std::tuple<bool, double, std::string>, ParameterValue> sorted;
  for (const SweepTrial& trial : sweep.trials) {
    const auto found = trial.parameters.find(key);
    if (found == trial.parameters.end()) continue;
    const ParameterValue& value = found->second;
    const bool text = !std::isfinite(value.number);
    sorted.try_emplace({text, text ? 0 : value.number, value.text}, value);
  }
  std::vector<ParameterValue> values;
  for (const auto& [place, value] : sorted) values.push_back(value);
  return values;
}

SweepParameter parameter_of(const std::string& key, const std::vector<ParameterValue>& values) {
  SweepParameter parameter{.key = key, .columns = {}};
  parameter.numeric = std::ranges::all_of(
      values, [](const ParameterValue& value) { return std::isfinite(value.number); });
  std::vector<std::string> texts;
  for (const ParameterValue& value : values) {
    if (std::ranges::find(texts, value.text) == texts.end()) texts.push_back(value.text);
  }
  // Numbers that read alike in four digits need an axis to be told apart.
  const bool few = values.size() <= kMostColumns && texts.size() == values.size();
  if (!parameter.numeric || few) parameter.columns = texts;
  return parameter;
}

}  // namespace

double SweepParameter::place_of(const SweepTrial& trial) const {
  const auto found = trial.parameters.find(key);
  if (found == trial.parameters.end()) return kNone;
  if (columns.empty()) return found->second.number;
  return static_cast<double>(std::ranges::find(columns, found->second.text) - columns.begin());
}

bool SweepRecord::percent() const {
  return metric != "validation_loss";
}

std::size_t SweepRecord::count(const std::string& status) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      trials, [&](const SweepTrial& trial) { return !trial.open && trial.status == status; }));
}

std::size_t SweepRecord::open() const {
  return static_cast<std::size_t>(std::ranges::count_if(trials, &SweepTrial::open));
}

const SweepRow* SweepRecord::best() const {
  return rows.empty() || rows.front().trials.empty() ? nullptr : &rows.front();
}

std::string SweepRecord::metric_text(double value) const {
  if (!std::isfinite(value)) return "-";
  return percent() ? report::percent(value) + " %" : compact(value);
}

std::vector<ComparedConfiguration> compared_configurations(const SweepRecord& sweep) {
  struct Sum {
    ComparedConfiguration compared;
    double trials = 0;
    bool whole = true;
  };
  std::map<int, Sum> sums;
  for (const SweepTrial& trial : sweep.trials) {
    Sum& sum = sums[trial.configuration];
    if (trial.rung_values.empty() || !std::isfinite(trial.rung_values.front())) {
      sum.whole = false;
      continue;
    }
    sum.compared.trial = &trial;
    sum.compared.value += trial.rung_values.front();
    ++sum.trials;
  }
  std::vector<ComparedConfiguration> result;
  for (auto& [configuration, sum] : sums) {
    if (!sum.whole) continue;
    sum.compared.value /= sum.trials;
    result.push_back(sum.compared);
  }
  return result;
}

void find_parameters(SweepRecord& sweep, const std::vector<std::string>& logarithmic) {
  std::map<std::string, std::size_t> trials_with;
  for (const SweepTrial& trial : sweep.trials) {
    for (const auto& [key, value] : trial.parameters) ++trials_with[key];
  }
  for (const auto& [key, count] : trials_with) {
    const std::vector<ParameterValue> values = distinct_values(sweep, key);
    if (values.size() == 1 && count == sweep.trials.size()) {
      sweep.constants[key] = values.front().text;
    } else {
      sweep.parameters.push_back(parameter_of(key, values));
      sweep.parameters.back().logarithmic =
          sweep.parameters.back().columns.empty() &&
          std::ranges::find(logarithmic, key) != logarithmic.end();
    }
  }
}

}  // namespace parlando::report
