#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "common/dist/communicator.h"

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

/// Fits on features that are not normalised yet, which must be the training side's originals. The
/// ranks divide the clips among themselves and read each twice, one after the other, so that they
/// need not fit memory; sums have a fixed order, so that the result does not depend on the number
/// of ranks. `kind` as InputConfig. Padding is left out. Every rank calls it. Throws Error(data) if
/// there are no clips, Error(artefact) for a damaged shard, on all ranks together.
Normalization fit_normalization(const ClipFeatures& features, const std::string& kind,
                                double epsilon, dist::Communicator& communicator);

}  // namespace parlando::train
