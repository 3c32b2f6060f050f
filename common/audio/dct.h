#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "common/audio/spectrogram.h"

namespace parlando::audio {

/// The first `outputs` rows of the orthonormal DCT-II of `inputs` values, in float32, each row
/// multiplied by its lifter: 1 + lifter / 2 sin(pi (k + 1) / lifter), or 1 for lifter 0. Keeps its
/// buffer. Not thread-safe.
class Dct {
 public:
  Dct(std::size_t outputs, std::size_t inputs, double lifter = 0);

  std::size_t outputs() const { return outputs_; }

  /// All weights, [outputs, inputs].
  std::vector<float> dense() const;

  /// [frames, inputs] to [frames, outputs].
  void apply(const Spectrogram& in, Spectrogram& out);

 private:
  std::size_t outputs_;
  std::size_t inputs_;
  std::size_t stride_;          ///< inputs_ rounded up to whole lanes
  std::vector<float> weights_;  ///< [outputs, stride]
  std::vector<float> lifter_;
  std::vector<float> frame_;
};

}  // namespace parlando::audio
