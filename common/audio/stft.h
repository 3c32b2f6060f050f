#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/audio/fft.h"
#include "common/audio/framing.h"
#include "common/audio/spectrogram.h"
#include "common/audio/window.h"

namespace parlando::audio {

/// The parameters of librosa.stft.
struct StftParameters {
  std::size_t n_fft = 2048;       ///< samples, even
  std::size_t hop_length = 512;   ///< samples
  std::size_t win_length = 2048;  ///< samples, at most n_fft
  Window window = Window::hann;
  bool center = true;
  PadMode pad_mode = PadMode::constant;

  std::size_t bins() const { return n_fft / 2 + 1; }
  FrameGrid grid() const { return {n_fft, hop_length, center}; }
  bool operator==(const StftParameters&) const = default;
};

/// Frames of a centred STFT: 1 + samples / hop.
std::size_t stft_frames(std::size_t samples, std::size_t hop);

/// Frequencies of the n_fft / 2 + 1 bins of a transform, Hz: librosa.fft_frequencies.
std::vector<double> bin_frequencies(std::int64_t sample_rate, std::size_t n_fft);

/// What one pass over a signal gives, each [frames, n_fft / 2 + 1]; null = not wanted.
struct StftOutputs {
  Spectrogram* power = nullptr;           ///< |S|^2, the bits of numpy.abs(S)**2
  Spectrogram* energy = nullptr;          ///< |S|^2, rounded once
  Spectrogram* magnitude = nullptr;       ///< |S|
  ComplexSpectrogram* complex = nullptr;  ///< S
};

/// librosa.stft: periodic window, transform in double, result rounded to complex64. Keeps its
/// buffers. Not thread-safe.
class Stft {
 public:
  explicit Stft(const StftParameters& parameters);
  /// With librosa's defaults for all else.
  Stft(std::size_t n_fft, std::size_t hop);

  const StftParameters& parameters() const { return parameters_; }

  /// Throws Error(data) if the signal is shorter than a frame and frames are not centred.
  void run(std::span<const float> signal, const StftOutputs& outputs);

  void power(std::span<const float> signal, Spectrogram& out) { run(signal, {.power = &out}); }
  void magnitude(std::span<const float> signal, Spectrogram& out) {
    run(signal, {.magnitude = &out});
  }
  void transform(std::span<const float> signal, ComplexSpectrogram& out) {
    run(signal, {.complex = &out});
  }

 private:
  StftParameters parameters_;
  std::vector<double> window_;
  RealFft fft_;
  Framer framer_;
};

}  // namespace parlando::audio
