#include "common/metrics/bootstrap.h"

#include <algorithm>
#include <vector>

#include "common/core/error.h"
#include "common/core/random.h"
#include "common/metrics/quantile.h"

namespace parlando::metrics {
namespace {

constexpr double kLowQuantile = 0.025;
constexpr double kHighQuantile = 0.975;

Figure summarise(double value, std::vector<double> draws) {
  std::sort(draws.begin(), draws.end());
  return {value, sorted_quantile(draws, kLowQuantile), sorted_quantile(draws, kHighQuantile)};
}

}  // namespace

BootstrapFigures bootstrap_figures(std::span<const ConfusionMatrix> clusters, std::size_t resamples,
                                   std::uint64_t seed) {
  if (clusters.empty() || resamples == 0) {
    fail(ErrorKind::internal, "bootstrap needs at least one cluster and one resample");
  }
  const std::size_t classes = clusters.front().classes();
  ConfusionMatrix whole(classes);
  for (const ConfusionMatrix& cluster : clusters) whole += cluster;

  std::vector<double> accuracy(resamples), uar(resamples), macro_f1(resamples),
      weighted_f1(resamples);
  for (std::size_t i = 0; i < resamples; ++i) {
    RandomStream stream(seed, "bootstrap", i);
    ConfusionMatrix resample(classes);
    for (std::size_t draw = 0; draw < clusters.size(); ++draw) {
      resample += clusters[stream.below(clusters.size())];
    }
    accuracy[i] = resample.accuracy();
    uar[i] = resample.uar();
    macro_f1[i] = resample.macro_f1();
    weighted_f1[i] = resample.weighted_f1();
  }
  return {summarise(whole.accuracy(), std::move(accuracy)), summarise(whole.uar(), std::move(uar)),
          summarise(whole.macro_f1(), std::move(macro_f1)),
          summarise(whole.weighted_f1(), std::move(weighted_f1))};
}

}  // namespace parlando::metrics
