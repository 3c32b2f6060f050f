#pragma once

#include <span>
#include <vector>

#include "common/audio/decode.h"

namespace parlando::audio {

/// Mean of the channels in float32, sum first, then one division, as librosa.to_mono does. `mono`
/// is resized to audio.samples.
void mix_to_mono(const DecodedAudio& audio, std::vector<float>& mono);

/// Whether no sample is NaN or infinite.
bool all_finite(std::span<const float> samples);

}  // namespace parlando::audio
