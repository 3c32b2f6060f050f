#include "common/audio/mono.h"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace parlando::audio {

void mix_to_mono(const DecodedAudio& audio, std::vector<float>& mono) {
  const auto samples = static_cast<std::size_t>(audio.samples);
  const auto channels = static_cast<std::size_t>(audio.channels);
  mono.resize(samples);
  if (channels == 1) {
    std::copy_n(audio.interleaved.begin(), samples, mono.begin());
    return;
  }
  const auto count = static_cast<float>(channels);
  for (std::size_t i = 0; i < samples; ++i) {
    const float* frame = audio.interleaved.data() + i * channels;
    float sum = frame[0];
    for (std::size_t c = 1; c < channels; ++c) sum += frame[c];
    mono[i] = sum / count;
  }
}

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
