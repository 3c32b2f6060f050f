#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "preprocess/synth/performance.h"

namespace parlando::preprocess {

/// A 16-bit wav or FLAC file as bytes; with two channels both hold `samples`.
std::string encode_audio(const Performance& performance, std::span<const std::int16_t> samples);

/// Whether `path` is a whole file of this performance, judged without rendering it: for wav by its
/// size, for FLAC by its header and by decoding its last sample.
bool is_complete(const std::filesystem::path& path, const Performance& performance);

}  // namespace parlando::preprocess
