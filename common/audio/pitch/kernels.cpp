#include "common/audio/pitch/kernels.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "common/core/multiversion.h"

namespace parlando::audio::kernels {
namespace {

using Taps [[gnu::vector_size(kTapLanes * sizeof(float))]] = float;

/// Sum of all lanes, half onto half.
[[gnu::always_inline]] inline float sum(const Taps& lanes) {
  using Eight [[gnu::vector_size(32)]] = float;
  using Four [[gnu::vector_size(16)]] = float;
  Eight eight[2];
  std::memcpy(eight, &lanes, sizeof eight);
  eight[0] += eight[1];
  Four four[2];
  std::memcpy(four, eight, sizeof four);
  four[0] += four[1];
  return (four[0][0] + four[0][2]) + (four[0][1] + four[0][3]);
}

}  // namespace

PARLANDO_MULTIVERSION
float maximum(std::span<const float> values) {
  constexpr std::size_t kLanes = 32;
  float lane[kLanes] = {};
  std::size_t i = 0;
  for (; i + kLanes <= values.size(); i += kLanes) {
    for (std::size_t j = 0; j < kLanes; ++j) {
      lane[j] = values[i + j] > lane[j] ? values[i + j] : lane[j];
    }
  }
  float result = 0;
  for (; i < values.size(); ++i) result = std::max(result, values[i]);
  for (const float value : lane) result = std::max(result, value);
  return result;
}

PARLANDO_MULTIVERSION
void divide_by(double divisor, std::span<float> values) {
  for (float& value : values) value = static_cast<float>(static_cast<double>(value) / divisor);
}

PARLANDO_MULTIVERSION
void project(const Projection& projection, const float* re, const float* im,
             std::span<float> magnitude) {
  const std::size_t taps = projection.taps;
  for (std::size_t f = 0; f < magnitude.size(); ++f) {
    const float* tap_re = projection.taps_re.data() + f * taps;
    const float* tap_im = projection.taps_im.data() + f * taps;
    const float* from_re = re + projection.first[f];
    const float* from_im = im + projection.first[f];
    Taps sum_re{};
    Taps sum_im{};
    for (std::size_t i = 0; i < taps; i += kTapLanes) {
      Taps a;
      Taps b;
      Taps c;
      Taps d;
      std::memcpy(&a, tap_re + i, sizeof a);
      std::memcpy(&b, tap_im + i, sizeof b);
      std::memcpy(&c, from_re + i, sizeof c);
      std::memcpy(&d, from_im + i, sizeof d);
      sum_re += a * c - b * d;
      sum_im += a * d + b * c;
    }
    const auto x = static_cast<double>(sum(sum_re));
    const auto y = static_cast<double>(sum(sum_im));
    magnitude[f] = static_cast<float>(std::sqrt(x * x + y * y)) * projection.scale[f];
  }
}

PARLANDO_MULTIVERSION
void keep_best(const double* from, double gain, std::ptrdiff_t origin, std::span<double> best,
               std::span<std::int64_t> origins) {
  for (std::size_t i = 0; i < best.size(); ++i) {
    const double candidate = from[i] + gain;
    const bool better = candidate > best[i];
    best[i] = better ? candidate : best[i];
    origins[i] = better ? static_cast<std::int64_t>(i) + origin : origins[i];
  }
}

}  // namespace parlando::audio::kernels
