#include "common/audio/kernels.h"

#include <cmath>

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
void magnitude_of_bins(std::span<const std::complex<double>> bins, std::span<float> out) {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = magnitude(bins[i]);
}

float dot(const float* a, const float* b, std::size_t n) {
  float lane[kLanes] = {};
  for (std::size_t i = 0; i < n; i += kLanes) {
    for (std::size_t j = 0; j < kLanes; ++j) lane[j] += a[i + j] * b[i + j];
  }
  return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
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
