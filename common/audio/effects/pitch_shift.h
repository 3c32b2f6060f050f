#pragma once

#include <span>
#include <vector>

#include "common/audio/effects/time_stretch.h"
#include "common/audio/resampler.h"

namespace parlando::audio {

/// Raises or lowers the pitch of a signal at the same length, as librosa.effects.pitch_shift does:
/// time stretch, then resampling with soxr_hq. Keeps its buffers. Not thread-safe.
class PitchShift {
 public:
  /// `sample_rate` in Hz.
  explicit PitchShift(double sample_rate, std::size_t n_fft = 2048, std::size_t hop = 512);

  /// Writes as many samples as `signal` has to `out`, which is resized. `steps` (fractions allowed)
  /// count parts of an octave, 12 = semitones.
  void shift(std::span<const float> signal, double steps, int bins_per_octave,
             std::vector<float>& out);

 private:
  double sample_rate_;
  TimeStretch time_stretch_;
  Resampler resampler_;
  std::vector<float> stretched_;
};

}  // namespace parlando::audio
