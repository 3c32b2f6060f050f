#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "common/audio/pitch/normalize.h"
#include "common/audio/pitch/tuning.h"
#include "common/audio/spectrogram.h"

namespace parlando::audio {

struct ChromaParameters {
  double sample_rate = 22050;  ///< Hz
  std::size_t n_fft = 2048;
  std::size_t n_chroma = 12;
  double ctroct = 5;    ///< octave, counted from A0 = 27.5 Hz, with the largest weight
  double octwidth = 2;  ///< width of that weighting in octaves; 0 = none
  bool base_c = true;   ///< the first row is C, else A

  bool operator==(const ChromaParameters&) const = default;
};

/// librosa.filters.chroma: weights [n_chroma, n_fft / 2 + 1] in float32 that gather the bins of a
/// spectrum in pitch classes. `tuning` in fractions of a pitch class.
std::vector<float> chroma_filterbank(const ChromaParameters& parameters, double tuning);

/// librosa.feature.chroma_stft. Keeps the filterbanks of the tunings it meets. Not thread-safe.
class ChromaStft {
 public:
  explicit ChromaStft(const ChromaParameters& parameters, Norm norm = Norm::maximum);

  /// From a power spectrogram [frames, n_fft / 2 + 1], with stride of at least
  /// kernels::padded_width(bins), to [frames, n_chroma]. Without `tuning` it is estimated.
  void apply(const Spectrogram& power, std::optional<double> tuning, Spectrogram& chroma);

 private:
  const std::vector<float>& filterbank(double tuning);

  ChromaParameters parameters_;
  Norm norm_;
  std::size_t padded_bins_;
  TuningEstimator estimator_;
  /// Weights by tuning, each row padded with zeros.
  std::map<double, std::vector<float>> filterbanks_;
};

}  // namespace parlando::audio
