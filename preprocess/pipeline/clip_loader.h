#pragma once

#include <filesystem>

#include "common/audio/decode.h"
#include "common/data/clip.h"

namespace parlando::preprocess {

/// Decodes a clip of the corpus manifest, the first `seconds` of it (0 = all), and makes sure that
/// it is the clip that was scanned: by size and time of the file, or by the hash of its audio where
/// the whole clip is decoded or the file's time differs (as after a copy). Throws Error(data) with
/// the reason, without the path.
audio::DecodedAudio load_clip(const std::filesystem::path& root, const data::Clip& clip,
                              double seconds);

/// Throws Error(data) if the file is gone or no longer holds the audio that was scanned.
void check_clip(const std::filesystem::path& root, const data::Clip& clip);

}  // namespace parlando::preprocess
