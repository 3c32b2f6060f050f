#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "train/data/feature_set.h"

namespace parlando::train {

/// z-score of features: (x - mean) / (deviation + epsilon), for each element of [frames, rows].
/// The population deviation, as NumPy's std.
struct Normalization {
  std::size_t frames = 0;
  std::size_t rows = 0;
  std::vector<float> mean, deviation;  ///< [frames, rows]
  double epsilon = 0;

  /// Normalises the clip's own frames and leaves the padding behind them 0. `features` [frames,
  /// rows].
  void apply(std::span<float> features, std::size_t valid_frames) const;
};

/// Fits on a feature set, which must be the training side's originals. `kind` as InputConfig.
/// Padding is left out. Throws Error(data) if the set is empty.
Normalization fit_normalization(const FeatureSet& set, const std::string& kind, double epsilon);

}  // namespace parlando::train
