#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace parlando::train {

class ClipFeatures;

/// z-score of features: (x - mean) / (deviation + epsilon), for each element of [frames, rows].
/// The population deviation, as NumPy's std.
struct Normalization {
  std::size_t frames = 0;
  std::size_t rows = 0;
  std::vector<float> mean, deviation;  ///< [frames, rows]
  double epsilon = 0;

  /// Normalises a clip's own frames, without padding: [valid frames, rows].
  void apply(std::span<float> valid) const;
};

/// Fits on features that are not normalised yet, which must be the training side's originals. Reads
/// the clips one after the other, twice, so that they need not fit memory. `kind` as InputConfig.
/// Padding is left out. Throws Error(data) if there are none.
Normalization fit_normalization(const ClipFeatures& features, const std::string& kind,
                                double epsilon);

}  // namespace parlando::train
