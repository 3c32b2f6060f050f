#include "common/metrics/speaker_bootstrap.h"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include "common/core/error.h"
#include "common/core/random.h"
#include "common/metrics/quantile.h"

namespace parlando::metrics {
namespace {

using Values = std::array<double, 4>;

/// How often each speaker counts, by number.
using Weights = std::vector<int>;

Values figures_of(const ConfusionMatrix& matrix) {
  return {matrix.accuracy(), matrix.uar(), matrix.macro_f1(), matrix.weighted_f1()};
}

/// The speakers of one run under their numbers among all speakers.
class NumberedRun {
 public:
  NumberedRun(const SpeakerMatrices& run, const std::vector<std::string>& speakers) {
    for (const auto& [name, matrix] : run) {
      const auto at = std::lower_bound(speakers.begin(), speakers.end(), name);
      entries_.push_back({static_cast<std::size_t>(at - speakers.begin()), &matrix});
    }
  }

  /// Speakers drawn, each as often as it was, of those of the run.
  double weight(const Weights& drawn) const {
    int sum = 0;
    for (const Entry& entry : entries_) sum += drawn[entry.speaker];
    return static_cast<double>(sum) / static_cast<double>(entries_.size());
  }

  Values figures(const Weights& drawn) const {
    ConfusionMatrix sum(entries_.front().matrix->classes());
    for (const Entry& entry : entries_) {
      for (int i = 0; i < drawn[entry.speaker]; ++i) sum += *entry.matrix;
    }
    return figures_of(sum);
  }

 private:
  struct Entry {
    std::size_t speaker;
    const ConfusionMatrix* matrix;
  };
  std::vector<Entry> entries_;
};

/// Pairs of runs, or single ones if there is no baseline.
class Sample {
 public:
  Sample(std::span<const SpeakerMatrices> runs, std::span<const SpeakerMatrices> baseline) {
    std::set<std::string> names;
    for (const SpeakerMatrices& run : runs) {
      for (const auto& [name, matrix] : run) names.insert(name);
    }
    const std::vector<std::string> speakers(names.begin(), names.end());
    speakers_ = speakers.size();
    for (const SpeakerMatrices& run : runs) runs_.emplace_back(run, speakers);
    for (const SpeakerMatrices& run : baseline) baseline_.emplace_back(run, speakers);
  }

  std::size_t speakers() const { return speakers_; }

  Values mean(const Weights& drawn) const {
    Values sum{};
    double total = 0;
    for (std::size_t i = 0; i < runs_.size(); ++i) {
      const double weight = runs_[i].weight(drawn);
      if (weight == 0) continue;
      Values values = runs_[i].figures(drawn);
      const Values other = baseline_.empty() ? Values{} : baseline_[i].figures(drawn);
      for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += weight * (values[k] - other[k]);
      total += weight;
    }
    for (double& value : sum) value /= total;
    return sum;
  }

 private:
  std::vector<NumberedRun> runs_, baseline_;
  std::size_t speakers_ = 0;
};

BootstrapFigures bootstrap(const Sample& sample, std::size_t resamples, std::uint64_t seed) {
  constexpr double kLow = 0.025, kHigh = 0.975;
  std::array<std::vector<double>, 4> draws;
  for (std::size_t i = 0; i < resamples; ++i) {
    RandomStream stream(seed, "bootstrap", i);
    Weights drawn(sample.speakers(), 0);
    for (std::size_t draw = 0; draw < drawn.size(); ++draw) ++drawn[stream.below(drawn.size())];
    const Values values = sample.mean(drawn);
    for (std::size_t k = 0; k < values.size(); ++k) draws[k].push_back(values[k]);
  }
  const Values whole = sample.mean(Weights(sample.speakers(), 1));
  std::array<Figure, 4> figures;
  for (std::size_t k = 0; k < figures.size(); ++k) {
    std::sort(draws[k].begin(), draws[k].end());
    figures[k] = {whole[k], sorted_quantile(draws[k], kLow), sorted_quantile(draws[k], kHigh)};
  }
  return {figures[0], figures[1], figures[2], figures[3]};
}

void check(std::span<const SpeakerMatrices> runs, std::size_t speakers, std::size_t resamples) {
  const bool empty = std::any_of(runs.begin(), runs.end(), [](const auto& r) { return r.empty(); });
  if (runs.empty() || empty || speakers < 2 || resamples == 0) {
    fail(ErrorKind::internal,
         "a bootstrap by speaker needs runs with test clips, two speakers and a resample");
  }
}

}  // namespace

BootstrapFigures bootstrap_mean(std::span<const SpeakerMatrices> runs, std::size_t resamples,
                                std::uint64_t seed) {
  const Sample sample(runs, {});
  check(runs, sample.speakers(), resamples);
  return bootstrap(sample, resamples, seed);
}

BootstrapFigures bootstrap_mean_difference(std::span<const SpeakerMatrices> runs,
                                           std::span<const SpeakerMatrices> baseline,
                                           std::size_t resamples, std::uint64_t seed) {
  bool paired = runs.size() == baseline.size();
  for (std::size_t i = 0; paired && i < runs.size(); ++i) {
    paired = std::equal(runs[i].begin(), runs[i].end(), baseline[i].begin(), baseline[i].end(),
                        [](const auto& a, const auto& b) { return a.first == b.first; });
  }
  if (!paired) fail(ErrorKind::internal, "the runs of a pair do not test the same speakers");
  const Sample sample(runs, baseline);
  check(runs, sample.speakers(), resamples);
  return bootstrap(sample, resamples, seed);
}

}  // namespace parlando::metrics
