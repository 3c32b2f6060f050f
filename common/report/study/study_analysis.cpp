#include "common/report/study/study_analysis.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "common/core/error.h"
#include "common/metrics/detectable_effect.h"
#include "common/metrics/holm.h"
#include "common/metrics/speaker_bootstrap.h"
#include "common/metrics/student.h"
#include "common/report/study/study_files.h"

namespace parlando::report {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Runs of a row and of the baseline with equal seed and fold.
struct Pairs {
  std::vector<const StudyRow*> runs, baseline;
};

Pairs pairs_of(const StudyEntry& entry, const StudyEntry& baseline) {
  Pairs pairs;
  for (const StudyRow& run : entry.runs) {
    const StudyRow* other = baseline.run(run.seed, run.fold);
    if (other == nullptr) continue;
    pairs.runs.push_back(&run);
    pairs.baseline.push_back(other);
  }
  return pairs;
}

bool test_the_same_clips(const Pairs& pairs) {
  for (std::size_t i = 0; i < pairs.runs.size(); ++i) {
    if (pairs.runs[i]->classes != pairs.baseline[i]->classes ||
        pairs.runs[i]->support != pairs.baseline[i]->support)
      return false;
  }
  return true;
}

double test_share(const std::vector<const StudyRow*>& runs) {
  double test = 0, train = 0;
  for (const StudyRow* run : runs) {
    test += static_cast<double>(run->n_test);
    train += static_cast<double>(run->n_train);
  }
  return test / train;
}

std::string reason_against(const StudyEntry& entry, const Pairs& pairs) {
  if (entry.permuted_labels) return "a control: its labels are dealt out at random";
  if (entry.runs.empty()) return "no run yet";
  if (pairs.runs.size() < 2) return "fewer than two runs have a partner";
  if (!test_the_same_clips(pairs)) return "tested on other clips";
  return "";
}

Comparison compare(const StudyEntry& entry, const Pairs& pairs, std::size_t measure) {
  Comparison comparison;
  comparison.measure = measure;
  comparison.why_not = reason_against(entry, pairs);
  std::vector<double> differences;
  const double StudyFigures::*figure = kMeasures[measure].of_run;
  for (std::size_t i = 0; comparison.tested() && i < pairs.runs.size(); ++i)
    differences.push_back(pairs.runs[i]->figures.*figure - pairs.baseline[i]->figures.*figure);
  // Where training sides differ in size, the larger share gives the wider interval.
  const double share =
      differences.empty() ? 0 : std::max(test_share(pairs.runs), test_share(pairs.baseline));
  comparison.test = metrics::corrected_resampled_t_test(differences, share);
  if (comparison.tested() && std::isnan(comparison.test.p))
    comparison.why_not = "all differences are the same: no spread to test against";
  return comparison;
}

/// In standard errors; few different freedoms and levels occur in a study.
class DetectableEffects {
 public:
  double at(double freedom, double level) {
    const auto [entry, added] = known_.try_emplace({freedom, level}, 0);
    if (added) entry->second = metrics::smallest_detectable_effect(1, freedom, level);
    return entry->second;
  }

 private:
  std::map<std::pair<double, double>, double> known_;
};

void adjust(std::vector<Comparison>& comparisons) {
  std::vector<double> p_values;
  std::size_t family = 0;
  for (const Comparison& comparison : comparisons) {
    p_values.push_back(comparison.tested() ? comparison.test.p : kNone);
    family += comparison.tested() ? 1 : 0;
  }
  const std::vector<double> adjusted = metrics::holm_adjusted(p_values);
  DetectableEffects effects;
  for (std::size_t i = 0; i < comparisons.size(); ++i) {
    Comparison& comparison = comparisons[i];
    comparison.p_adjusted = adjusted[i];
    comparison.detectable_alone = comparison.detectable = kNone;
    if (!comparison.tested() || !(comparison.test.standard_error > 0)) continue;
    const metrics::PairedTest& test = comparison.test;
    comparison.detectable_alone = test.standard_error * effects.at(test.freedom, kLevel);
    comparison.detectable =
        test.standard_error * effects.at(test.freedom, kLevel / static_cast<double>(family));
  }
}

MeanSd mean_over_runs(const StudyEntry& entry, double StudyFigures::*figure) {
  std::map<std::uint64_t, std::vector<double>> by_seed;
  std::vector<double> all, seeds;
  for (const StudyRow& run : entry.runs) {
    all.push_back(run.figures.*figure);
    by_seed[run.seed].push_back(all.back());
  }
  for (const auto& [seed, values] : by_seed) seeds.push_back(metrics::mean(values));
  return {mean_sd(all).mean, mean_sd(seeds).sd};
}

std::vector<metrics::SpeakerMatrices> matrices_of(const std::vector<const StudyRow*>& runs) {
  std::vector<metrics::SpeakerMatrices> matrices;
  for (const StudyRow* run : runs) matrices.push_back(speaker_matrices(*run));
  return matrices;
}

bool has_speakers(const std::vector<metrics::SpeakerMatrices>& runs) {
  std::map<std::string, int> seen;
  for (const metrics::SpeakerMatrices& run : runs) {
    for (const auto& [speaker, matrix] : run) ++seen[speaker];
  }
  return seen.size() > 1;
}

EntrySummary summarise(const StudyEntry& entry, std::size_t resamples) {
  EntrySummary summary;
  for (std::size_t k = 0; k < kMeasures.size(); ++k)
    summary.figures[k] = mean_over_runs(entry, kMeasures[k].of_run);
  std::vector<const StudyRow*> runs;
  for (const StudyRow& run : entry.runs) runs.push_back(&run);
  const std::vector<metrics::SpeakerMatrices> matrices = matrices_of(runs);
  if (has_speakers(matrices)) summary.by_speaker = metrics::bootstrap_mean(matrices, resamples, 0);
  return summary;
}

}  // namespace

bool Comparison::shown() const {
  return tested() && p_adjusted <= kLevel;
}

const Comparison* StudyAnalysis::comparison(std::size_t entry, std::size_t measure) const {
  const auto found = std::ranges::find_if(comparisons, [&](const Comparison& comparison) {
    return comparison.entry == entry && comparison.measure == measure;
  });
  return found == comparisons.end() ? nullptr : &*found;
}

std::vector<std::size_t> compared_measures(const StudyConfig& config) {
  std::vector<std::size_t> measures;
  for (const std::string& key : config.compare) {
    for (std::size_t k = 0; k < kMeasures.size(); ++k) {
      if (key == kMeasures[k].key) measures.push_back(k);
    }
  }
  return measures;
}

std::vector<Comparison> compare_entries(const StudyRecord& study) {
  const StudyEntry* baseline = study.baseline();
  std::vector<Comparison> comparisons;
  if (baseline == nullptr || !baseline->comparable()) return comparisons;
  for (const std::size_t measure : compared_measures(study.config)) {
    for (std::size_t i = 0; i < study.entries.size(); ++i) {
      if (&study.entries[i] == baseline) continue;
      const Pairs pairs = pairs_of(study.entries[i], *baseline);
      comparisons.push_back(compare(study.entries[i], pairs, measure));
      comparisons.back().entry = i;
    }
  }
  adjust(comparisons);
  return comparisons;
}

StudyAnalysis analyse_study(const StudyRecord& study, std::size_t resamples) {
  StudyAnalysis analysis;
  for (const StudyEntry& entry : study.entries)
    analysis.summaries.push_back(summarise(entry, resamples));
  analysis.comparisons = compare_entries(study);
  std::map<std::size_t, std::optional<metrics::BootstrapFigures>> differences;
  for (Comparison& comparison : analysis.comparisons) {
    if (!comparison.tested()) continue;
    ++analysis.family;
    const auto [known, added] = differences.try_emplace(comparison.entry);
    if (added) {
      const Pairs pairs = pairs_of(study.entries[comparison.entry], *study.baseline());
      const auto runs = matrices_of(pairs.runs), baseline = matrices_of(pairs.baseline);
      if (has_speakers(runs))
        known->second = metrics::bootstrap_mean_difference(runs, baseline, resamples, 0);
    }
    if (known->second)
      comparison.by_speaker = *known->second.*kMeasures[comparison.measure].of_bootstrap;
  }
  return analysis;
}

}  // namespace parlando::report
