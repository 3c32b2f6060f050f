#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "common/audio/decode.h"

namespace parlando::audio {

/// Mean of the channels in float32, sum first, then one division, as librosa.to_mono does. `mono`
/// is resized to audio.samples.
void mix_to_mono(const DecodedAudio& audio, std::vector<float>& mono);

/// The same for a stretch of interleaved samples; `mono` has one value a frame.
void mean_of_channels(std::span<const float> interleaved, std::size_t channels,
                      std::span<float> mono);

/// Largest absolute sample; NaN or infinite if a sample is.
float peak_of(std::span<const float> samples);

/// Whether a sample is -0.
bool has_negative_zero(std::span<const float> samples);

/// Whether no sample is NaN or infinite.
bool all_finite(std::span<const float> samples);

}  // namespace parlando::audio
