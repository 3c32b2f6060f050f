#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace parlando::audio {

/// Which length a vector is divided by.
enum class Norm {
  none,
  maximum,    ///< largest absolute value
  absolute,   ///< sum of absolute values
  euclidean,  ///< root of the sum of squares
};

/// librosa.util.normalize of one vector: a vector shorter than the smallest normal number stays as
/// it is.
template <class T>
void normalize(std::span<T> values, Norm norm) {
  double length = 0;
  for (const T value : values) {
    const auto magnitude = static_cast<double>(std::abs(value));
    if (norm == Norm::maximum) length = std::max(length, magnitude);
    if (norm == Norm::absolute) length += magnitude;
    if (norm == Norm::euclidean) length += magnitude * magnitude;
  }
  if (norm == Norm::euclidean) length = std::sqrt(length);
  if (norm == Norm::none || length < static_cast<double>(std::numeric_limits<T>::min())) return;
  for (T& value : values) value = static_cast<T>(static_cast<double>(value) / length);
}

}  // namespace parlando::audio
