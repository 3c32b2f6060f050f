#pragma once

#include <filesystem>

#include "common/audio/decode.h"
#include "common/data/clip.h"

namespace parlando::preprocess {

/// Decodes all of a clip. One whose audio is unknown (no audio_hash) gets what that tells; one that
/// a scan knows must have the audio that was scanned. Throws Error(data) with the reason, without
/// the path.
audio::DecodedAudio load_clip(const std::filesystem::path& root, data::Clip& clip);

/// Learns the audio of an unknown clip. Throws Error(data) if the clip can't be decoded, or if a
/// known one is gone or no longer holds the audio that was scanned.
void check_clip(const std::filesystem::path& root, data::Clip& clip);

}  // namespace parlando::preprocess
