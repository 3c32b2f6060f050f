#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "common/audio/fft32.h"
#include "common/audio/pitch/cqt_basis.h"
#include "common/audio/resampler.h"
#include "common/audio/spectrogram.h"

namespace parlando::audio {

/// Absolute values of librosa.cqt with its defaults (Hann windows of unit sum, soxr_hq): from the
/// highest octave down, the signal is halved in rate (soxr_hq), transformed frame by frame and
/// multiplied by the spectra of the octave's filters. Keeps filters of the tunings it meets,
/// transforms and resamplers. Not thread-safe.
class Cqt {
 public:
  /// Throws Error(usage) if the highest filter passes half the sample rate.
  explicit Cqt(const CqtParameters& parameters);
  ~Cqt();
  Cqt(Cqt&&) noexcept;

  const CqtParameters& parameters() const { return parameters_; }

  /// [frames, n_bins]. `tuning` in fractions of a bin. Throws Error(data) for a signal that is too
  /// short to be reduced to the rate of the highest octave, and for a tuning that lifts the highest
  /// filter above half the sample rate.
  void magnitude(std::span<const float> signal, double tuning, Spectrogram& out);

 private:
  struct Octave;
  struct Plan;
  const Plan& plan(double tuning);
  void respond(std::span<const float> signal, const Octave& octave, Spectrogram& out);
  RealFft32& fft(std::size_t n);

  CqtParameters parameters_;
  /// By tuning.
  std::map<double, std::unique_ptr<Plan>> plans_;
  std::map<std::size_t, RealFft32> ffts_;
  Resampler early_;
  Resampler half_;
  std::vector<float> reduced_[2];
  std::vector<float> padded_;
  std::vector<float> re_;
  std::vector<float> im_;
};

}  // namespace parlando::audio
