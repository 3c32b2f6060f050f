#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "common/audio/framing.h"

namespace parlando::audio {

/// Mean square of each frame of a signal, summed in double; what overlapping frames share is summed
/// once. Keeps its buffers. Not thread-safe.
class FrameEnergy {
 public:
  FrameEnergy(const FrameGrid& grid, PadMode mode);

  /// One value a frame, valid until the next call. Throws Error(data) if the signal is shorter than
  /// a frame and frames are not centred.
  std::span<const double> mean_squares(std::span<const float> signal);

 private:
  Framer framer_;
  std::size_t piece_;  ///< samples; frame_length and hop_length are multiples of it
  std::vector<double> sums_;
  std::vector<double> means_;
};

}  // namespace parlando::audio
