#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "common/metrics/confusion_matrix.h"

namespace parlando::metrics {

/// A figure with its 95 % interval.
struct Figure {
  double value = 0;
  double low = 0;
  double high = 0;
};

struct BootstrapFigures {
  Figure accuracy, uar, macro_f1, weighted_f1;
};

/// Percentile bootstrap (Efron & Tibshirani 1993, ch. 13) over clusters of samples that belong
/// together: each resample draws as many clusters with replacement as there are. Clips of one
/// speaker resemble each other, so resampling single clips would make the interval too narrow.
/// Percentiles 2.5 and 97.5, linear between order statistics. A function of its arguments alone.
/// `clusters` holds one matrix a cluster, all of one size; values are those of their sum.
BootstrapFigures bootstrap_figures(std::span<const ConfusionMatrix> clusters, std::size_t resamples,
                                   std::uint64_t seed);

}  // namespace parlando::metrics
