#pragma once

#include <span>
#include <vector>

#include "common/audio/pitch/yin_difference.h"

namespace parlando::audio {

/// librosa.yin: the fundamental frequency of each frame in Hz, in silence too. Not thread-safe.
class Yin {
 public:
  /// A trough of the normalised difference below `trough_threshold` is a period; without one the
  /// lowest value is. Throws Error(usage) like YinParameters::validate().
  explicit Yin(const YinParameters& parameters, double trough_threshold = 0.1);

  void compute(std::span<const float> signal, std::vector<float>& f0);

 private:
  YinParameters parameters_;
  double trough_threshold_;
  YinDifference difference_;
};

}  // namespace parlando::audio
