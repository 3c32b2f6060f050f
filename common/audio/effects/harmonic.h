#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "common/audio/effects/inverse_stft.h"
#include "common/audio/effects/sliding_median.h"
#include "common/audio/spectrogram.h"

namespace parlando::audio {

struct HpssParameters {
  std::size_t n_fft = 2048;
  std::size_t hop = 512;
  std::size_t harmonic_kernel = 31;    ///< length of the median over frames, odd
  std::size_t percussive_kernel = 31;  ///< length of the median over bins, odd
  double power = 2;                    ///< exponent of the soft mask, > 0
  double harmonic_margin = 1;          ///< >= 1; larger leaves less in the harmonic part
  double percussive_margin = 1;        ///< >= 1; larger leaves less in the percussive part

  bool operator==(const HpssParameters&) const = default;
};

/// Parts a signal into its steady (harmonic) and its sudden (percussive) component by median
/// filters over the spectrogram and a soft mask, as librosa.effects.hpss, harmonic and percussive
/// do (Fitzgerald 2010, Driedger et al. 2014). Keeps its buffers. Not thread-safe.
class Hpss {
 public:
  explicit Hpss(const HpssParameters& parameters);

  const HpssParameters& parameters() const { return parameters_; }

  /// Writes `length` samples of one part to `out`, which is resized. `stft` [frames, bins] is the
  /// signal's, `magnitude` its absolute value.
  void harmonic(const ComplexSpectrogram& stft, const Spectrogram& magnitude, std::size_t length,
                std::vector<float>& out);
  void percussive(const ComplexSpectrogram& stft, const Spectrogram& magnitude, std::size_t length,
                  std::vector<float>& out);

 private:
  /// Fills steady_ and sudden_ with the medians over frames and over bins.
  void filter(const Spectrogram& magnitude);
  void mask(const ComplexSpectrogram& stft, const Spectrogram& magnitude, const Spectrogram& part,
            const Spectrogram& other, double margin);

  HpssParameters parameters_;
  SlidingMedian over_frames_;
  SlidingMedian over_bins_;
  InverseStft inverse_;
  Spectrogram steady_;
  Spectrogram sudden_;
  std::vector<float> bins_first_;
  std::vector<float> medians_;
  ComplexSpectrogram masked_;
};

}  // namespace parlando::audio
