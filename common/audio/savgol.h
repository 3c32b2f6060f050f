#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "common/audio/spectrogram.h"

namespace parlando::audio {

/// What a Savitzky-Golay filter sees beyond the ends of a signal, in scipy's names.
enum class SavgolMode {
  interp,    ///< nothing: the polynomial of the first and last frames is evaluated there
  nearest,   ///< the end value
  mirror,    ///< the signal mirrored at its end value, which is not repeated
  constant,  ///< zeros
  wrap,      ///< the signal from its other end
};

/// "interp", "nearest", "mirror", "constant" or "wrap". Throws Error(usage) for another name.
SavgolMode savgol_mode_named(const std::string& name);

/// Weights that give the `derivative`-th derivative at `position` (0 = first of the `width`
/// samples, in the order of time) of the polynomial of degree `degree` fitted to them; the step
/// between samples is 1.
std::vector<double> savgol_weights(std::size_t width, int degree, int derivative,
                                   std::size_t position);

/// librosa.feature.delta: the `order`-th derivative over time of each row, from a polynomial of
/// degree `order` over `width` frames (odd), accumulated in double. Not thread-safe.
class DeltaFilter {
 public:
  DeltaFilter(std::size_t width, int order, SavgolMode mode);

  /// Throws Error(data) in mode interp if there are fewer than `width` frames.
  void apply(const Spectrogram& in, Spectrogram& out);

 private:
  void weigh(const Spectrogram& in, std::ptrdiff_t first, const std::vector<double>& weights,
             std::span<float> out);

  std::size_t width_;
  SavgolMode mode_;
  std::vector<double> middle_;
  std::vector<std::vector<double>> first_;  ///< of the first width / 2 frames, mode interp
  std::vector<std::vector<double>> last_;   ///< of the last width / 2 frames
  std::vector<double> sums_;
};

}  // namespace parlando::audio
