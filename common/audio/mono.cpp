#include "common/audio/mono.h"

#include <algorithm>
#include <bit>
#include <cstdint>

#include "common/core/multiversion.h"

namespace parlando::audio {

void mean_of_channels(std::span<const float> interleaved, std::size_t channels,
                      std::span<float> mono) {
  if (channels == 1) {
    std::copy_n(interleaved.begin(), mono.size(), mono.begin());
    return;
  }
  const auto count = static_cast<float>(channels);
  for (std::size_t i = 0; i < mono.size(); ++i) {
    const float* frame = interleaved.data() + i * channels;
    float sum = frame[0];
    for (std::size_t c = 1; c < channels; ++c) sum += frame[c];
    mono[i] = sum / count;
  }
}

void mix_to_mono(const DecodedAudio& audio, std::vector<float>& mono) {
  mono.resize(static_cast<std::size_t>(audio.samples));
  mean_of_channels(audio.interleaved, static_cast<std::size_t>(audio.channels), mono);
}

PARLANDO_MULTIVERSION
float peak_of(std::span<const float> samples) {
  // Without its sign a float's bits rise with its value, NaN above infinity, and a loop over
  // integers vectorises.
  constexpr std::int32_t kMagnitude = 0x7FFFFFFF;
  std::int32_t largest = 0;
  for (const float sample : samples) {
    largest = std::max(largest, std::bit_cast<std::int32_t>(sample) & kMagnitude);
  }
  return std::bit_cast<float>(largest);
}

PARLANDO_MULTIVERSION
bool has_negative_zero(std::span<const float> samples) {
  constexpr std::uint32_t kNegativeZero = 0x80000000U;
  std::uint32_t found = 0;
  for (const float sample : samples) {
    found |= static_cast<std::uint32_t>(std::bit_cast<std::uint32_t>(sample) == kNegativeZero);
  }
  return found != 0;
}

PARLANDO_MULTIVERSION
bool all_finite(std::span<const float> samples) {
  // Looks at the exponent bits, so that the loop vectorises and no floating-point option can remove
  // it.
  constexpr std::uint32_t kExponent = 0x7F800000U;
  std::uint32_t bad = 0;
  for (const float sample : samples) {
    bad |=
        static_cast<std::uint32_t>((std::bit_cast<std::uint32_t>(sample) & kExponent) == kExponent);
  }
  return bad == 0;
}

}  // namespace parlando::audio
