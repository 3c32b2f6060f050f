#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "common/metrics/bootstrap.h"
#include "common/metrics/confusion_matrix.h"

namespace parlando::metrics {

/// The test side of one run: a confusion matrix of each of its speakers.
using SpeakerMatrices = std::map<std::string, ConfusionMatrix>;

/// Means over runs (seeds, folds) of each run's figures, with 95 % percentile intervals from a
/// bootstrap over speakers: each resample draws as many speakers with replacement as all runs have
/// together, the same ones for all runs, takes each run's figures over those drawn, and their mean
/// over runs. So the interval counts which speakers were there to be tested, which all runs share;
/// it does not count the luck of seeds and splits. A run counts with the share of its speakers that
/// was drawn, so that runs which test other speakers (folds) weigh as much as these were drawn.
/// A function of its arguments alone. Needs a run, two speakers and a resample at least.
BootstrapFigures bootstrap_mean(std::span<const SpeakerMatrices> runs, std::size_t resamples,
                                std::uint64_t seed);

/// The same of the differences `runs[i]` - `baseline[i]` of pairs that test the same speakers.
BootstrapFigures bootstrap_mean_difference(std::span<const SpeakerMatrices> runs,
                                           std::span<const SpeakerMatrices> baseline,
                                           std::size_t resamples, std::uint64_t seed);

}  // namespace parlando::metrics
