#pragma once

#include <filesystem>

#include "common/io/byte_reader.h"

namespace parlando::audio {

/// Throws Error(data), naming `path`, if `file` is a wav file (RIFF, its big-endian form RIFX, or
/// RF64) whose data chunk is longer than the file: libsndfile shortens such a chunk silently, so
/// that a truncated clip would pass as a short one. Does nothing for any other kind of file. Moves
/// the file's position.
void check_wav_length(const std::filesystem::path& path, ByteReader& file);

}  // namespace parlando::audio
