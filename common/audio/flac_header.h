#pragma once

#include <optional>

#include "common/audio/decode.h"
#include "common/io/byte_reader.h"

namespace parlando::audio {

/// Rate, channels and length from the first block of a FLAC stream (RFC 9639, section 8.2). Empty
/// if the file is no FLAC stream or does not tell its length. Moves the file's position.
std::optional<AudioHeader> read_flac_header(ByteReader& file);

}  // namespace parlando::audio
