#pragma once

#include <complex>
#include <cstddef>
#include <span>

/// The inner loops of feature extraction. They are written so that the order of every sum is fixed
/// and compiled without contraction to fused multiply-add: the same bits on every CPU, vectorised
/// where the CPU can.
namespace parlando::audio::kernels {

/// Partial sums of a dot product, and the alignment of its length.
inline constexpr std::size_t kLanes = 8;

/// `n` rounded up so that a dot product that starts anywhere below n may read whole lanes.
constexpr std::size_t padded_width(std::size_t n) {
  return (n + 2 * kLanes - 1) / kLanes * kLanes;
}

/// out = samples * window, in double.
void apply_window(std::span<const float> samples, std::span<const double> window,
                  std::span<double> out);

/// out = bins rounded to complex64.
void round_bins(std::span<const std::complex<double>> bins, std::span<std::complex<float>> out);

/// out = |bin|^2 in float32 of bins rounded to complex64, the square of magnitude_of_bins:
/// librosa's numpy.abs(stft)**2. Sums of squares differ in the last bit, which moves the tuning of
/// some clips.
void power_of_bins(std::span<const std::complex<double>> bins, std::span<float> out);

/// out = |bin|^2, rounded once: the sum of squares, several times faster than power_of_bins and
/// within its last bits.
void energy_of_bins(std::span<const std::complex<double>> bins, std::span<float> out);

/// out = |bin| of bins rounded to complex64, the same bits as numpy.abs where it has FMA.
void magnitude_of_bins(std::span<const std::complex<double>> bins, std::span<float> out);

/// out = 10 log10(max(floor, power)) to 5e-6 dB; a power that is not finite stays as it is, one
/// below the smallest normal float counts as that. `out` may be `power`.
void decibels_of(std::span<const float> power, float floor, std::span<float> out);

/// Sum of a[i] * b[i] for i < n, n a multiple of kLanes.
float dot(const float* a, const float* b, std::size_t n);

/// The weights of a filter that are not zero: `count` ones from bin `first` on, which stand at
/// `offset` of all weights, followed by zeros up to `padded`, a multiple of kLanes.
struct Band {
  std::size_t first = 0;
  std::size_t count = 0;
  std::size_t padded = 0;
  std::size_t offset = 0;
};

/// out[i] = the dot product of band i's weights and its bins; `bins` may be read up to
/// padded_width() of their number.
void apply_bands(std::span<const Band> bands, const float* weights, const float* bins,
                 std::span<float> out);

/// Sum of squares in double.
double sum_of_squares(std::span<const float> values);

}  // namespace parlando::audio::kernels
