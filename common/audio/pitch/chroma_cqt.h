#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "common/audio/pitch/cqt.h"
#include "common/audio/pitch/normalize.h"
#include "common/audio/pitch/tuning.h"
#include "common/audio/spectrogram.h"

namespace parlando::audio {

struct ChromaCqtParameters {
  double sample_rate = 22050;  ///< Hz
  std::size_t hop = 512;
  double fmin = kC1;  ///< Hz
  std::size_t n_chroma = 12;
  std::size_t n_octaves = 7;
  std::size_t bins_per_octave = 36;  ///< a multiple of n_chroma
  double threshold = 0;              ///< smaller values become 0 before the normalisation
  Norm norm = Norm::maximum;

  bool operator==(const ChromaCqtParameters&) const = default;
};

/// librosa.filters.cq_to_chroma: the pitch class that each bin of a constant-Q transform belongs
/// to. bins_per_octave is a multiple of n_chroma.
std::vector<std::size_t> pitch_classes(std::size_t n_bins, std::size_t bins_per_octave,
                                       std::size_t n_chroma, double fmin);

/// librosa.feature.chroma_cqt. Not thread-safe.
class ChromaCqt {
 public:
  /// Throws Error(usage) if the octaves pass half the sample rate or bins_per_octave is no multiple
  /// of n_chroma.
  explicit ChromaCqt(const ChromaCqtParameters& parameters);

  const ChromaCqtParameters& parameters() const { return parameters_; }

  /// [frames, n_chroma]. `tuning` in fractions of a bin of the constant-Q transform, for which
  /// librosa takes estimate_tuning(bins_per_octave) of the signal.
  void apply(std::span<const float> signal, double tuning, Spectrogram& chroma);

 private:
  ChromaCqtParameters parameters_;
  Cqt cqt_;
  std::vector<std::size_t> classes_;
  Spectrogram magnitude_;
};

/// Rows of a tonnetz: fifths, minor and major thirds, two each.
inline constexpr std::size_t kTonnetzRows = 6;

/// librosa.feature.tonnetz(chroma=...): tonal centroids [frames, 6] of a chromagram.
void tonnetz(const Spectrogram& chroma, Spectrogram& out);

}  // namespace parlando::audio
