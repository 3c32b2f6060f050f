#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

/// The inner loops of pitch features, compiled like those of common/audio/kernels.h: the same bits
/// on every CPU.
namespace parlando::audio::kernels {

/// The largest of some non-negative values; 0 for none.
float maximum(std::span<const float> values);

/// values /= divisor, in double.
void divide_by(double divisor, std::span<float> values);

/// Taps of a filter are padded to a multiple of this.
inline constexpr std::size_t kTapLanes = 16;

/// magnitude[f] = scale[f] * |sum of taps_re/im[f * taps + i] * re/im[first[f] + i]|, a complex
/// product, for i < taps (a multiple of kTapLanes).
struct Projection {
  std::size_t taps;
  std::span<const std::size_t> first;
  std::span<const float> taps_re;
  std::span<const float> taps_im;
  std::span<const float> scale;
};
void project(const Projection& projection, const float* re, const float* im,
             std::span<float> magnitude);

/// Where from[i] + gain exceeds best[i], takes it and notes i + origin.
void keep_best(const double* from, double gain, std::ptrdiff_t origin, std::span<double> best,
               std::span<std::int64_t> origins);

}  // namespace parlando::audio::kernels
