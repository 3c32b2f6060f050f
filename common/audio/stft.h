#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "common/audio/fft.h"
#include "common/audio/spectrogram.h"

namespace parlando::audio {

/// Periodic Hann window: 0.5 - 0.5 cos(2 pi i / n).
std::vector<double> periodic_hann(std::size_t n);

/// Frames of a centred STFT: 1 + samples / hop.
std::size_t stft_frames(std::size_t samples, std::size_t hop);

/// librosa.stft with its defaults: frames of n_fft samples centred on multiples of the hop, the
/// signal padded with zeros, periodic Hann window, transform in double, result rounded to
/// complex64. Keeps its buffers. Not thread-safe.
class Stft {
 public:
  /// n_fft even, hop > 0.
  Stft(std::size_t n_fft, std::size_t hop);

  std::size_t n_fft() const { return n_fft_; }
  std::size_t hop() const { return hop_; }
  std::size_t bins() const { return n_fft_ / 2 + 1; }

  /// S, [frames, n_fft / 2 + 1].
  void transform(std::span<const float> signal, ComplexSpectrogram& out);
  /// |S|^2 in float32, [frames, n_fft / 2 + 1].
  void power(std::span<const float> signal, Spectrogram& out);
  /// |S|, [frames, n_fft / 2 + 1].
  void magnitude(std::span<const float> signal, Spectrogram& out);

 private:
  using Convert = void (*)(std::span<const std::complex<double>> bins, std::span<float> out);
  void run(std::span<const float> signal, Spectrogram& out, Convert convert);
  void pad(std::span<const float> signal);
  std::span<const std::complex<double>> transform_frame(std::size_t i);

  std::size_t n_fft_;
  std::size_t hop_;
  std::vector<double> window_;
  RealFft fft_;
  std::vector<float> padded_;
};

}  // namespace parlando::audio
