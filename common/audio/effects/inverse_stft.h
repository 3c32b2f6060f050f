#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "common/audio/fft32.h"
#include "common/audio/spectrogram.h"

namespace parlando::audio {

/// librosa.istft with its defaults: the signal whose centred STFT (periodic Hann window of n_fft
/// samples) comes nearest to a given one. Transforms in float32, adds the windowed frames and
/// divides by the sum of the squared windows. Keeps its buffers. Not thread-safe.
class InverseStft {
 public:
  /// n_fft even, hop > 0.
  InverseStft(std::size_t n_fft, std::size_t hop);

  /// Writes `length` samples to `out`, which is resized; 0 = as many as the frames stand on,
  /// hop * (frames - 1).
  void invert(const ComplexSpectrogram& stft, std::size_t length, std::vector<float>& out);

 private:
  void update_envelope(std::size_t frames, std::size_t length);

  std::size_t n_fft_;
  std::size_t hop_;
  std::vector<double> window_;
  InverseRealFft32 fft_;
  std::vector<float> sum_;
  /// Sum of the squared windows at each output sample; 1 where there is none.
  std::vector<float> envelope_;
  std::size_t envelope_frames_ = 0;
};

}  // namespace parlando::audio
