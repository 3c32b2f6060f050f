#include "common/audio/decibel.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "common/audio/kernels.h"
#include "common/core/error.h"

namespace parlando::audio {
namespace {

float decibel(float power, float amin) {
  float result = 0;
  kernels::decibels_of({&power, 1}, amin, {&result, 1});
  return result;
}

}  // namespace

void set_reference(DecibelScale& scale, const std::string& text) {
  scale.ref_is_max = text == "max";
  if (scale.ref_is_max) return;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), scale.ref);
  if (error != std::errc{} || end != text.data() + text.size() || !(scale.ref > 0) ||
      !std::isfinite(scale.ref)) {
    fail(ErrorKind::usage, "ref: '{}' is neither 'max' nor a number above 0", text);
  }
}

void power_to_db(std::span<const float> power, const DecibelScale& scale, std::span<float> out) {
  if (power.empty()) return;
  const auto amin = static_cast<float>(scale.amin);
  const float peak = decibel(*std::max_element(power.begin(), power.end()), amin);
  const float zero = scale.ref_is_max
                         ? peak
                         : static_cast<float>(10 * std::log10(std::max(scale.amin, scale.ref)));
  const float floor = scale.top_db > 0 ? peak - zero - static_cast<float>(scale.top_db)
                                       : -std::numeric_limits<float>::infinity();
  kernels::decibels_of(power, amin, out);
  for (float& value : out) value = std::max(value - zero, floor);
}

void amplitude_to_db(std::span<const float> amplitude, const DecibelScale& scale,
                     std::span<float> out) {
  std::transform(amplitude.begin(), amplitude.end(), out.begin(),
                 [](float value) { return value * value; });
  DecibelScale squared = scale;
  squared.ref *= scale.ref;
  squared.amin *= scale.amin;
  power_to_db(out, squared, out);
}

}  // namespace parlando::audio
