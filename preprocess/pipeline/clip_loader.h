#pragma once

#include <filesystem>

#include "common/audio/decode.h"
#include "common/data/clip.h"

namespace parlando::preprocess {

/// Decodes a clip. One whose audio is unknown (no audio_hash) is decoded whole, and `clip` gets
/// what that tells. One that an earlier scan knows is decoded for the first `seconds` (0 = all) and
/// must be the clip that was scanned: by size and time of the file, or by the hash of its audio
/// where all of it is decoded or the file's time differs (as after a copy). Throws Error(data) with
/// the reason, without the path.
audio::DecodedAudio load_clip(const std::filesystem::path& root, data::Clip& clip, double seconds);

/// Learns the audio of an unknown clip. Throws Error(data) if the clip can't be decoded, or if a
/// known one is gone or no longer holds the audio that was scanned.
void check_clip(const std::filesystem::path& root, data::Clip& clip);

}  // namespace parlando::preprocess
