#include "common/report/run_groups.h"

#include <limits>
#include <map>

#include "common/core/text.h"
#include "common/metrics/student.h"

namespace parlando::report {
namespace {

/// Everything that makes two runs comparable but for their seed.
std::string group_key(const RunRecord& run) {
  std::string key = run.corpus_name + '\n';
  for (const std::string& line : split_text(run.config, '\n')) {
    if (!line.starts_with("seed:")) key += line + '\n';
  }
  for (const auto& [name, value] : run.versions) {
    if (name != "configuration hash" && name != "parlando") key += name + '=' + value + '\n';
  }
  return key;
}

MeanSd summarise(std::span<const RunRecord> runs, const std::vector<std::size_t>& members,
                 metrics::Figure metrics::Evaluation::*figure) {
  std::vector<double> values;
  for (const std::size_t i : members) values.push_back(((*runs[i].evaluation).*figure).value);
  return mean_sd(values);
}

}  // namespace

MeanSd mean_sd(std::span<const double> values) {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  if (values.empty()) return {kNaN, kNaN};
  return {metrics::mean(values), metrics::standard_deviation(values)};
}

std::vector<RunGroup> group_runs(std::span<const RunRecord> runs) {
  std::vector<RunGroup> groups;
  std::map<std::string, std::size_t> known;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (!runs[i].evaluation) continue;
    const auto [entry, added] = known.try_emplace(group_key(runs[i]), groups.size());
    if (added) groups.emplace_back();
    groups[entry->second].runs.push_back(i);
  }
  for (RunGroup& group : groups) {
    group.accuracy = summarise(runs, group.runs, &metrics::Evaluation::accuracy);
    group.uar = summarise(runs, group.runs, &metrics::Evaluation::uar);
    group.macro_f1 = summarise(runs, group.runs, &metrics::Evaluation::macro_f1);
    group.weighted_f1 = summarise(runs, group.runs, &metrics::Evaluation::weighted_f1);
  }
  return groups;
}

std::array<MeanSd, 4> figures_of(const RunGroup& group) {
  return {group.accuracy, group.uar, group.macro_f1, group.weighted_f1};
}

std::array<metrics::Figure, 4> figures_of(const metrics::Evaluation& evaluation) {
  return {evaluation.accuracy, evaluation.uar, evaluation.macro_f1, evaluation.weighted_f1};
}

}  // namespace parlando::report
