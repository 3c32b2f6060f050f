#include "common/audio/kernels.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

#include "common/core/multiversion.h"

namespace parlando::audio::kernels {

PARLANDO_MULTIVERSION
void apply_window(std::span<const float> samples, std::span<const double> window,
                  std::span<double> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<double>(samples[i]) * window[i];
  }
}

PARLANDO_MULTIVERSION
void round_bins(std::span<const std::complex<double>> bins, std::span<std::complex<float>> out) {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = std::complex<float>(bins[i]);
}

namespace {

/// |re + i im| with the roundings of NumPy's absolute of complex64: the larger part times the root
/// of 1 + ratio^2, which is rounded once (the product of two floats is exact in double).
inline float magnitude(const std::complex<double>& bin) {
  const float re = std::abs(static_cast<float>(bin.real()));
  const float im = std::abs(static_cast<float>(bin.imag()));
  const float large = re > im ? re : im;
  const float small = re > im ? im : re;
  const float ratio = large > 0 ? small / large : 0.0F;
  const double square = static_cast<double>(ratio) * static_cast<double>(ratio);
  return large * std::sqrt(static_cast<float>(square + 1));
}

}  // namespace

PARLANDO_MULTIVERSION
void power_of_bins(std::span<const std::complex<double>> bins, std::span<float> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    const float value = magnitude(bins[i]);
    out[i] = value * value;
  }
}

PARLANDO_MULTIVERSION
void energy_of_bins(std::span<const std::complex<double>> bins, std::span<float> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double re = bins[i].real();
    const double im = bins[i].imag();
    out[i] = static_cast<float>(re * re + im * im);
  }
}

PARLANDO_MULTIVERSION
void magnitude_of_bins(std::span<const std::complex<double>> bins, std::span<float> out) {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = magnitude(bins[i]);
}

PARLANDO_MULTIVERSION
void decibels_of(std::span<const float> power, float floor, std::span<float> out) {
  // power = 2^e (1 + f) with 1 + f from sqrt(1/2) to sqrt(2); the polynomial of log(1 + f) is the
  // one of Cephes' logf. 10 log10(2) is split so that its product with e is exact: what is left of
  // the error is the rounding of the last sum.
  constexpr std::int32_t kHalf = 0x3F3504F3;  // bits of sqrt(1/2)
  constexpr std::int32_t kMantissa = 0x007FFFFF;
  constexpr float kPerOctave = 3.01025390625F;
  constexpr auto kPerOctaveRest = static_cast<float>(3.0102999566398119521 - 3.01025390625);
  constexpr auto kScale = static_cast<float>(10 / std::numbers::ln10);
  const float least = std::max(floor, std::numeric_limits<float>::min());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const float value = std::max(least, power[i]);
    const std::int32_t bits = std::bit_cast<std::int32_t>(value) - kHalf;
    const auto e = static_cast<float>(bits >> 23);
    const float f = std::bit_cast<float>((bits & kMantissa) + kHalf) - 1.0F;
    float p = 7.0376836292E-2F;
    p = p * f - 1.1514610310E-1F;
    p = p * f + 1.1676998740E-1F;
    p = p * f - 1.2420140846E-1F;
    p = p * f + 1.4249322787E-1F;
    p = p * f - 1.6668057665E-1F;
    p = p * f + 2.0000714765E-1F;
    p = p * f - 2.4999993993E-1F;
    p = p * f + 3.3333331174E-1F;
    const float log = f + f * f * (p * f - 0.5F);
    const float decibels = e * kPerOctave + (e * kPerOctaveRest + kScale * log);
    out[i] = value <= std::numeric_limits<float>::max() ? decibels : value;
  }
}

namespace {

inline float dot_of_lanes(const float* a, const float* b, std::size_t n) {
  float lane[kLanes] = {};
  for (std::size_t i = 0; i < n; i += kLanes) {
    for (std::size_t j = 0; j < kLanes; ++j) lane[j] += a[i + j] * b[i + j];
  }
  return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

}  // namespace

float dot(const float* a, const float* b, std::size_t n) {
  return dot_of_lanes(a, b, n);
}

PARLANDO_MULTIVERSION
void apply_bands(std::span<const Band> bands, const float* weights, const float* bins,
                 std::span<float> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    const Band& band = bands[i];
    out[i] = dot_of_lanes(weights + band.offset, bins + band.first, band.padded);
  }
}

double sum_of_squares(std::span<const float> values) {
  double lane[kLanes] = {};
  const std::size_t whole = values.size() / kLanes * kLanes;
  for (std::size_t i = 0; i < whole; i += kLanes) {
    for (std::size_t j = 0; j < kLanes; ++j) {
      const auto value = static_cast<double>(values[i + j]);
      lane[j] += value * value;
    }
  }
  for (std::size_t i = whole; i < values.size(); ++i) {
    const auto value = static_cast<double>(values[i]);
    lane[i - whole] += value * value;
  }
  return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

}  // namespace parlando::audio::kernels
