#include "common/audio/decibel.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace parlando::audio {
namespace {

/// Quieter than this counts as this: the logarithm of silence must be finite.
constexpr float kAmin = 1e-10F;

float decibel(float power) {
  // The natural logarithm is several times faster than log10 in float32 and as accurate.
  constexpr auto kScale = static_cast<float>(10 / std::numbers::ln10);
  return kScale * std::log(std::max(kAmin, power));
}

}  // namespace

void power_to_db(std::span<const float> power, Reference reference, double top_db,
                 std::span<float> out) {
  if (power.empty()) return;
  const float largest = *std::max_element(power.begin(), power.end());
  const float zero = reference == Reference::maximum ? decibel(largest) : 0.0F;
  std::transform(power.begin(), power.end(), out.begin(),
                 [zero](float value) { return decibel(value) - zero; });
  if (top_db <= 0) return;
  const float floor = decibel(largest) - zero - static_cast<float>(top_db);
  for (float& value : out) value = std::max(value, floor);
}

}  // namespace parlando::audio
