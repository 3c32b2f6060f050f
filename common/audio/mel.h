#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/audio/kernels.h"
#include "common/audio/spectrogram.h"

namespace parlando::audio {

enum class MelScale {
  slaney,  ///< Auditory Toolbox: linear, 200/3 Hz a mel, to 1000 Hz, logarithmic above (ln 6.4 / 27
           ///< a mel)
  htk,     ///< 2595 log10(1 + f / 700)
};

double hz_to_mel(double hz, MelScale scale);
double mel_to_hz(double mel, MelScale scale);

/// How the triangles are scaled.
enum class MelNorm {
  slaney,  ///< to unit area: 2 / (f[i + 2] - f[i])
  none,    ///< to a height of 1
};

struct MelParameters {
  std::int64_t sample_rate = 22050;  ///< Hz
  std::size_t n_fft = 2048;
  std::size_t n_mels = 128;
  double fmin = 0;  ///< Hz
  double fmax = 0;  ///< Hz; 0 = half the sample rate
  MelScale scale = MelScale::slaney;
  MelNorm norm = MelNorm::slaney;
  int power = 2;  ///< what the bands sum: 1 = magnitudes, 2 = powers

  bool operator==(const MelParameters&) const = default;
};

/// Triangular filters as librosa.filters.mel makes them, in float32.
class MelFilterbank {
 public:
  explicit MelFilterbank(const MelParameters& parameters);

  std::size_t bands() const { return bands_.size(); }
  std::size_t bins() const { return bins_; }

  /// All weights, [bands, bins].
  std::vector<float> dense() const;

  /// Multiplies each frame of a spectrogram [frames, bins], with stride of at least
  /// kernels::padded_width(bins), into [frames, bands].
  void apply(const Spectrogram& spectrum, Spectrogram& mel) const;

 private:
  std::size_t bins_;
  std::vector<kernels::Band> bands_;
  std::vector<float> weights_;
};

}  // namespace parlando::audio
