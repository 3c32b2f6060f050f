#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

namespace parlando::audio {

/// C1 at A = 440 Hz, librosa's lowest note.
inline constexpr double kC1 = 32.70319566257483;

struct CqtParameters {
  double sample_rate = 22050;  ///< Hz
  std::size_t hop = 512;
  double fmin = kC1;  ///< Hz
  std::size_t n_bins = 84;
  std::size_t bins_per_octave = 12;
  double filter_scale = 1;  ///< below 1: shorter filters, finer in time
  double sparsity = 0.01;   ///< share of each filter's spectrum that is dropped
  bool scale = true;        ///< divide by the root of each filter's length

  bool operator==(const CqtParameters&) const = default;
};

/// Centre frequencies, relative bandwidths and lengths of the filters of a constant-Q transform.
struct CqtFilters {
  std::vector<double> hz;
  std::vector<double> alpha;

  /// `tuning` in fractions of a bin.
  CqtFilters(const CqtParameters& parameters, double tuning);

  /// Length of filter i in samples at a rate.
  double length(std::size_t i, double sample_rate, double filter_scale) const;
  /// Highest frequency that a filter lets through (Hz).
  double cutoff(double filter_scale) const;
};

/// The spectra of some filters (Hann windows times a complex tone, of unit sum) without their
/// smallest values, padded for kernels::project.
struct CqtBasis {
  std::size_t n_fft = 0;
  std::size_t taps = 0;            ///< of each filter
  std::vector<std::size_t> first;  ///< lowest bin of each filter
  std::vector<float> re;           ///< [filters, taps]
  std::vector<float> im;

  /// Filters [begin, end) at a sample rate, as librosa's constant-Q transform makes them.
  CqtBasis(const CqtFilters& filters, std::size_t begin, std::size_t end, double sample_rate,
           const CqtParameters& parameters);

  /// The bins that a projection reads: up to first + taps.
  std::size_t last_bin() const;
};

}  // namespace parlando::audio
