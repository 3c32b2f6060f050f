#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "common/metrics/confusion_matrix.h"
#include "common/report/study/study_record.h"

namespace parlando::report {

/// Smallest, middle and largest of some values.
struct Spread {
  double low = 0, middle = 0, high = 0;
  std::size_t n = 0;
};
/// The middle is the mean, or the median. Values that are not finite are left out; all NaN if none
/// is left.
Spread mean_spread(std::span<const double> values);
Spread median_spread(std::span<const double> values);

/// All runs' confusions added.
metrics::ConfusionMatrix pooled_confusion(const StudyEntry& entry);

/// A class over all runs.
struct ClassOverRuns {
  std::string name;
  Spread precision, recall, f1;
  double f1_sd = 0;  ///< over runs; NaN for one
  double clips = 0;  ///< a run
};
std::vector<ClassOverRuns> classes_over_runs(const StudyEntry& entry);

/// A figure after each epoch over the runs that came so far, as long as half of them did: those
/// that train longest are no sample of all.
struct EpochSpread {
  std::int64_t epoch = 0;
  Spread value;
};
std::vector<EpochSpread> curve_over_runs(const StudyEntry& entry,
                                         std::vector<double> StudyCurve::*values);

/// One group of clips, for instance channel song, over all runs that test it.
struct GroupOverRuns {
  std::string kind, name;
  Spread accuracy, uar;
  double clips = 0;  ///< a run
};
std::vector<GroupOverRuns> groups_over_runs(const StudyEntry& entry);

/// A clip that was not recognised, over all runs.
struct ConfusedClip {
  std::string clip;
  std::string truth;
  std::size_t wrong = 0;                     ///< runs that took it for something else
  std::map<std::string, std::size_t> taken;  ///< for what, how often
  double confidence = 0;                     ///< mean, of the wrong answers
};
/// By how often they are wrong, then by confidence, then by name.
std::vector<ConfusedClip> confused_clips(const StudyEntry& entry);

/// Conditions of one kind and different strength, such as "noise 20 dB" and "noise 0 dB".
struct ConditionFamily {
  std::string kind, unit;  ///< "noise", "dB"
  /// By strength; of noise, "clean" stands one step beyond the highest ratio.
  std::map<double, std::string> conditions;
  bool ratio = false;  ///< noise: the unit is a ratio of signal to noise, and more is easier
};
/// Kinds with two strengths at least, by name.
std::vector<ConditionFamily> condition_families(const std::vector<std::string>& conditions);

/// All conditions that runs of these rows have figures for, in the order of their first appearance.
std::vector<std::string> conditions_of(const StudyRecord& study);

/// A condition's figure over the runs of a row; n is 0 if none has it.
Spread condition_over_runs(const StudyEntry& entry, const std::string& condition,
                           double StudyCondition::*figure);

}  // namespace parlando::report
