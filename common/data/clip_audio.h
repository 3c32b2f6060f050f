#pragma once

#include "common/audio/decode.h"
#include "common/data/clip.h"

namespace parlando::data {

/// What the header of a clip's file tells.
void describe_header(const audio::AudioHeader& header, Clip& clip);

/// What decoding all of a clip tells: length, peak and the hash of its audio.
void describe_audio(const audio::DecodedAudio& audio, Clip& clip);

/// The same from another record of the clip.
void copy_audio_facts(const Clip& from, Clip& to);

}  // namespace parlando::data
