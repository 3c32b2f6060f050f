#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "common/metrics/bootstrap.h"
#include "common/metrics/paired_test.h"
#include "common/report/run_groups.h"
#include "common/report/study/study_record.h"

namespace parlando::report {

/// A figure of the test side: its key, its name in tables and where it is found.
struct Measure {
  const char* key;
  const char* name;
  double StudyFigures::*of_run;
  metrics::Figure metrics::BootstrapFigures::*of_bootstrap;
  std::optional<double> PublishedFigures::*published;
};
inline constexpr std::array<Measure, 4> kMeasures{
    {{"accuracy", "accuracy", &StudyFigures::accuracy, &metrics::BootstrapFigures::accuracy,
      &PublishedFigures::accuracy},
     {"uar", "UAR", &StudyFigures::uar, &metrics::BootstrapFigures::uar, &PublishedFigures::uar},
     {"macro_f1", "macro F1", &StudyFigures::macro_f1, &metrics::BootstrapFigures::macro_f1,
      &PublishedFigures::macro_f1},
     {"weighted_f1", "weighted F1", &StudyFigures::weighted_f1,
      &metrics::BootstrapFigures::weighted_f1, &PublishedFigures::weighted_f1}}};

/// The measures that the study compares, as indices of kMeasures, in its order.
std::vector<std::size_t> compared_measures(const StudyConfig& config);

/// What the runs of a row say together.
struct EntrySummary {
  /// Mean over all runs; standard deviation over seeds, each the mean over its folds.
  std::array<MeanSd, kMeasures.size()> figures;
  /// The means with 95 % intervals by a bootstrap over speakers; nullopt for fewer than two of
  /// them.
  std::optional<metrics::BootstrapFigures> by_speaker;
};

/// A row against the baseline in one measure, over the pairs of runs with equal seed and fold.
struct Comparison {
  std::size_t entry = 0;    ///< index into the study's entries
  std::size_t measure = 0;  ///< index into kMeasures
  metrics::PairedTest test;
  double p_adjusted = 0;  ///< by Holm over all comparisons of the study that have a p
  /// True differences that the test would have found with a chance of 80 %: at the level 0.05 of a
  /// comparison alone, and at 0.05 divided by the number of comparisons, Holm's first step.
  double detectable_alone = 0, detectable = 0;
  std::optional<metrics::Figure> by_speaker;  ///< mean difference, bootstrap over speakers
  std::string why_not;                        ///< why there is no test; "" if there is one

  bool tested() const { return why_not.empty(); }
  /// Whether the study may say that the row differs.
  bool shown() const;
};

struct StudyAnalysis {
  std::vector<EntrySummary> summaries;  ///< one an entry of the study
  std::vector<Comparison> comparisons;  ///< by measure, then in the order of the entries
  std::size_t family = 0;               ///< comparisons that have a p

  const Comparison* comparison(std::size_t entry, std::size_t measure) const;
};

inline constexpr double kLevel = 0.05;
inline constexpr std::size_t kStudyResamples = 2000;

/// Compares all rows with the baseline: the tests alone, without bootstraps. Rows with an allowed
/// leak are compared too, within the same family; controls with permuted labels are not.
std::vector<Comparison> compare_entries(const StudyRecord& study);

/// All figures of the study. A function of its arguments alone.
StudyAnalysis analyse_study(const StudyRecord& study, std::size_t resamples = kStudyResamples);

}  // namespace parlando::report
