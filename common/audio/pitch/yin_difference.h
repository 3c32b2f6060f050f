#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "common/audio/fft.h"

namespace parlando::audio {

struct YinParameters {
  double sample_rate = 22050;  ///< Hz
  double fmin = 65;            ///< Hz
  double fmax = 1000;          ///< Hz
  std::size_t frame_length = 2048;
  std::size_t hop = 512;

  bool operator==(const YinParameters&) const = default;

  /// Shortest and longest period looked at, in samples.
  std::size_t min_period() const;
  std::size_t max_period() const;

  /// Throws Error(usage) where librosa's yin and pyin refuse: fmin and fmax must rise up to half
  /// the sample rate, and the longest period must fit in a frame.
  void validate() const;
};

/// The cumulative mean normalised difference of YIN (de Cheveigné and Kawahara 2002, step 3) for
/// the frames of a signal, which are centred on multiples of the hop and padded with zeros. Keeps
/// its buffers. Not thread-safe.
class YinDifference {
 public:
  explicit YinDifference(const YinParameters& parameters);

  /// Starts on a signal; returns its frames.
  std::size_t start(std::span<const float> signal);

  /// The normalised differences of frame t for the periods min_period .. max_period, valid until
  /// the next call.
  std::span<const double> frame(std::size_t t);

 private:
  YinParameters parameters_;
  RealFft fft_;
  InverseRealFft inverse_;
  std::vector<float> padded_;
  std::vector<float> difference_;
  std::vector<double> normalized_;
};

/// Whether element i is lower than its left neighbour and not above its right one; at the ends one
/// neighbour decides. For at least two values.
bool is_trough(std::span<const double> values, std::size_t i);

/// Where the minimum around element i lies by a parabola, relative to i; 0 at the ends.
double trough_shift(std::span<const double> values, std::size_t i);

}  // namespace parlando::audio
