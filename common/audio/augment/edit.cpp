#include "common/audio/augment/edit.h"

#include <algorithm>
#include <cmath>

namespace parlando::audio {

void apply_gain(double db, std::span<float> waveform) {
  const auto factor = static_cast<float>(std::pow(10.0, db / 20));
  for (float& sample : waveform) sample *= factor;
}

void shift_waveform(std::int64_t samples, bool roll, std::span<float> waveform) {
  const auto length = static_cast<std::int64_t>(waveform.size());
  if (length == 0) return;
  if (roll) {
    const std::int64_t later = (samples % length + length) % length;
    std::rotate(waveform.begin(), waveform.end() - later, waveform.end());
    return;
  }
  const std::int64_t later = std::clamp(samples, -length, length);
  if (later >= 0) {
    std::shift_right(waveform.begin(), waveform.end(), later);
    std::fill(waveform.begin(), waveform.begin() + later, 0.0F);
  } else {
    std::shift_left(waveform.begin(), waveform.end(), -later);
    std::fill(waveform.end() + later, waveform.end(), 0.0F);
  }
}

void mask_waveform(double fraction, double position, std::span<float> waveform) {
  const auto samples = static_cast<double>(waveform.size());
  const double length = std::floor(fraction * samples);
  const double start = std::floor(position * (samples - length + 1));
  const std::span<float> piece =
      waveform.subspan(static_cast<std::size_t>(start), static_cast<std::size_t>(length));
  std::ranges::fill(piece, 0.0F);
}

}  // namespace parlando::audio
