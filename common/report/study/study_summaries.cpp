#include "common/report/study/study_summaries.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <regex>
#include <tuple>

#include "common/metrics/quantile.h"
#include "common/metrics/student.h"

namespace parlando::report {
namespace {

constexpr const char* kClean = "clean";
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

Spread spread(std::span<const double> values, double (*middle)(std::span<const double>)) {
  std::vector<double> known(values.begin(), values.end());
  std::erase_if(known, [](double value) { return !std::isfinite(value); });
  if (known.empty()) return {kNone, kNone, kNone, 0};
  return {std::ranges::min(known), middle(known), std::ranges::max(known), known.size()};
}

}  // namespace

Spread mean_spread(std::span<const double> values) {
  return spread(values, metrics::mean);
}

Spread median_spread(std::span<const double> values) {
  return spread(values, metrics::median);
}

metrics::ConfusionMatrix pooled_confusion(const StudyEntry& entry) {
  metrics::ConfusionMatrix sum(entry.runs.empty() ? 0 : entry.runs.front().classes.size());
  for (const StudyRow& run : entry.runs) sum += run.confusion;
  return sum;
}

std::vector<ClassOverRuns> classes_over_runs(const StudyEntry& entry) {
  std::vector<ClassOverRuns> classes;
  for (std::size_t i = 0; !entry.runs.empty() && i < entry.runs.front().classes.size(); ++i) {
    std::vector<double> precision, recall, f1;
    double clips = 0;
    for (const StudyRow& run : entry.runs) {
      const metrics::ClassScores scores = run.confusion.scores(i);
      precision.push_back(scores.precision);
      recall.push_back(scores.recall);
      f1.push_back(scores.f1);
      clips += static_cast<double>(scores.support);
    }
    classes.push_back({entry.runs.front().classes[i], mean_spread(precision), mean_spread(recall),
                       mean_spread(f1), metrics::standard_deviation(f1),
                       clips / static_cast<double>(entry.runs.size())});
  }
  return classes;
}

std::vector<EpochSpread> curve_over_runs(const StudyEntry& entry,
                                         std::vector<double> StudyCurve::*values) {
  std::map<std::int64_t, std::vector<double>> by_epoch;
  for (const StudyRow& run : entry.runs) {
    for (std::size_t i = 0; i < run.curve.epoch.size(); ++i)
      by_epoch[run.curve.epoch[i]].push_back((run.curve.*values)[i]);
  }
  std::vector<EpochSpread> curve;
  for (const auto& [epoch, of_runs] : by_epoch) {
    const Spread value = median_spread(of_runs);
    if (value.n > 0 && 2 * value.n >= entry.runs.size()) curve.push_back({epoch, value});
  }
  return curve;
}

std::vector<GroupOverRuns> groups_over_runs(const StudyEntry& entry) {
  struct Values {
    std::vector<double> accuracy, uar;
    double clips = 0;
  };
  std::vector<std::string> kinds;
  std::map<std::pair<std::string, std::string>, Values> found;
  for (const StudyRow& run : entry.runs) {
    for (const metrics::Breakdown& breakdown : run.breakdowns) {
      if (std::ranges::find(kinds, breakdown.name) == kinds.end()) kinds.push_back(breakdown.name);
      for (const metrics::Group& group : breakdown.groups) {
        Values& values = found[{breakdown.name, group.name}];
        values.accuracy.push_back(group.accuracy);
        values.uar.push_back(group.uar);
        values.clips += static_cast<double>(group.n);
      }
    }
  }
  std::vector<GroupOverRuns> groups;
  for (const std::string& kind : kinds) {
    for (const auto& [key, values] : found) {
      if (key.first != kind) continue;
      groups.push_back({kind, key.second, mean_spread(values.accuracy), mean_spread(values.uar),
                        values.clips / static_cast<double>(values.accuracy.size())});
    }
  }
  return groups;
}

std::vector<ConfusedClip> confused_clips(const StudyEntry& entry) {
  std::map<std::string, ConfusedClip> found;
  for (const StudyRow& run : entry.runs) {
    for (const StudyError& error : run.errors) {
      ConfusedClip& clip = found[error.clip];
      clip.clip = error.clip;
      clip.truth = run.classes[static_cast<std::size_t>(error.truth)];
      ++clip.wrong;
      ++clip.taken[run.classes[static_cast<std::size_t>(error.predicted)]];
      clip.confidence += std::isfinite(error.confidence) ? error.confidence : 0;
    }
  }
  std::vector<ConfusedClip> clips;
  for (auto& [name, clip] : found) {
    clip.confidence /= static_cast<double>(clip.wrong);
    clips.push_back(std::move(clip));
  }
  std::ranges::stable_sort(clips, [](const ConfusedClip& a, const ConfusedClip& b) {
    return std::tuple(a.wrong, a.confidence) > std::tuple(b.wrong, b.confidence);
  });
  return clips;
}

std::vector<ConditionFamily> condition_families(const std::vector<std::string>& conditions) {
  static const std::regex kStrength(R"(^(.*\S)\s+([+-]?[0-9]{1,6}(?:\.[0-9]{1,6})?)\s*(\S{0,8})$)");
  std::map<std::pair<std::string, std::string>, ConditionFamily> found;
  for (const std::string& condition : conditions) {
    constexpr std::size_t kLongest = 80;
    std::smatch match;
    if (condition.size() > kLongest || !std::regex_match(condition, match, kStrength)) continue;
    ConditionFamily& family = found[{match[1].str(), match[3].str()}];
    family.kind = match[1].str();
    family.unit = match[3].str();
    family.conditions[std::stod(match[2].str())] = condition;
  }
  const bool has_clean = std::ranges::find(conditions, kClean) != conditions.end();
  std::vector<ConditionFamily> families;
  for (auto& [key, family] : found) {
    if (family.conditions.size() < 2) continue;
    family.ratio = family.kind.find("noise") != std::string::npos;
    const double low = family.conditions.begin()->first, high = family.conditions.rbegin()->first;
    const double step = (high - low) / static_cast<double>(family.conditions.size() - 1);
    if (family.ratio && has_clean) family.conditions[high + step] = kClean;
    families.push_back(std::move(family));
  }
  return families;
}

std::vector<std::string> conditions_of(const StudyRecord& study) {
  std::vector<std::string> names;
  for (const StudyEntry& entry : study.entries) {
    for (const StudyRow& run : entry.runs) {
      for (const StudyCondition& condition : run.robustness) {
        if (std::ranges::find(names, condition.condition) == names.end())
          names.push_back(condition.condition);
      }
    }
  }
  return names;
}

Spread condition_over_runs(const StudyEntry& entry, const std::string& condition,
                           double StudyCondition::*figure) {
  std::vector<double> values;
  for (const StudyRow& run : entry.runs) {
    const auto found = std::ranges::find(run.robustness, condition, &StudyCondition::condition);
    if (found != run.robustness.end()) values.push_back(*found.*figure);
  }
  return mean_spread(values);
}

}  // namespace parlando::report
