#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "common/audio/spectrogram.h"

namespace parlando::audio {

/// A peak of a spectrum, interpolated between bins.
struct SpectralPeak {
  std::size_t frame = 0;
  float hz = 0;
  float magnitude = 0;
};

struct PiptrackParameters {
  double sample_rate = 22050;  ///< Hz
  std::size_t n_fft = 2048;
  double fmin = 150;       ///< Hz
  double fmax = 4000;      ///< Hz; at most half the sample rate counts
  double threshold = 0.1;  ///< of the frame's maximum, which a peak has to exceed
};

/// librosa.piptrack: the local maxima of each frame of a spectrogram (magnitude or power), with
/// frequency and height from a parabola through three bins. In order of frames, then of bins.
void piptrack(const Spectrogram& spectrogram, const PiptrackParameters& parameters,
              std::vector<SpectralPeak>& peaks);

/// librosa.pitch_tuning: by how much frequencies lie off the scale of A = 440 Hz, as a fraction of
/// a bin in [-0.5, 0.5): the fullest cell of a histogram with cells of `resolution`. 0 for no
/// frequencies.
double pitch_tuning(std::span<const float> hz, int bins_per_octave, double resolution = 0.01);

/// librosa.estimate_tuning(S=...): the tuning of those peaks that are at least as high as the
/// median peak. Keeps its buffers. Not thread-safe.
class TuningEstimator {
 public:
  double estimate(const Spectrogram& spectrogram, const PiptrackParameters& parameters,
                  int bins_per_octave, double resolution = 0.01);

 private:
  std::vector<SpectralPeak> peaks_;
  std::vector<float> heights_;
  std::vector<float> hz_;
};

}  // namespace parlando::audio
