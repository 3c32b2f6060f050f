#pragma once

#include <filesystem>

namespace parlando::audio {

/// Throws Error(data) if `path` is a wav file (RIFF, its big-endian form RIFX, or RF64) whose data
/// chunk is longer than the file: libsndfile shortens such a chunk silently, so that a truncated
/// clip would pass as a short one. Does nothing for any other kind of file.
void check_wav_length(const std::filesystem::path& path);

}  // namespace parlando::audio
