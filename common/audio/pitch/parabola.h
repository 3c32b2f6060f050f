#pragma once

#include <cmath>

namespace parlando::audio {

/// Where the extremum of the parabola through three equidistant values lies, in steps from the
/// middle one; 0 if that is a step away or more. Sums in float32 and divides in double, like
/// librosa.
inline float parabolic_shift(float left, float middle, float right) {
  const double a = static_cast<double>(right + left) - 2 * static_cast<double>(middle);
  const double b = static_cast<double>(right - left) / 2;
  if (std::abs(b) >= std::abs(a)) return 0;
  return static_cast<float>(-b / a);
}

}  // namespace parlando::audio
