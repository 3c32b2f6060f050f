#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "common/audio/effects/inverse_stft.h"
#include "common/audio/spectrogram.h"
#include "common/audio/stft.h"

namespace parlando::audio {

/// Makes a signal faster or slower at the same pitch, as librosa.effects.time_stretch does: STFT,
/// phase vocoder, inverse STFT. Keeps its buffers. Not thread-safe.
class TimeStretch {
 public:
  explicit TimeStretch(std::size_t n_fft = 2048, std::size_t hop = 512);

  /// Writes round(samples / rate) samples to `out`, which is resized and must not be the memory of
  /// `signal`. `rate` > 0; above 1 is faster.
  void stretch(std::span<const float> signal, double rate, std::vector<float>& out);

 private:
  void vocode(double rate);

  std::size_t hop_;
  Stft stft_;
  InverseStft inverse_;
  ComplexSpectrogram spectrum_;
  ComplexSpectrogram stretched_;
  std::vector<float> magnitudes_;
  std::vector<float> angles_;
  std::vector<float> phase_;
};

}  // namespace parlando::audio
