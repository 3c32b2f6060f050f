#include "common/audio/flac_header.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace parlando::audio {
namespace {

/// Marker, header of the first block, and of that block all but the checksum.
constexpr std::size_t kBytes = 4 + 4 + 18;
/// The type of a STREAMINFO block; the highest bit tells whether it is the last.
constexpr unsigned kStreamInfo = 0;
constexpr unsigned kTypeBits = 0x7F;

}  // namespace

std::optional<AudioHeader> read_flac_header(ByteReader& file) {
  std::array<unsigned char, kBytes> bytes{};
  file.seek(0);
  if (file.read(std::as_writable_bytes(std::span(bytes))) < bytes.size()) return std::nullopt;
  constexpr std::string_view kMarker = "fLaC";
  if (!std::equal(kMarker.begin(), kMarker.end(), bytes.begin())) return std::nullopt;
  if ((bytes[4] & kTypeBits) != kStreamInfo) return std::nullopt;
  // After two block and two frame sizes: rate in 20 bits, channels - 1 in 3, depth - 1 in 5,
  // samples in 36.
  std::uint64_t fields = 0;
  for (std::size_t i = 18; i < kBytes; ++i) fields = fields << 8 | bytes[i];
  AudioHeader header;
  header.sample_rate = static_cast<std::int64_t>(fields >> 44);
  header.channels = static_cast<std::int64_t>(fields >> 41 & 0x7) + 1;
  header.samples = static_cast<std::int64_t>(fields & 0xFFFFFFFFFULL);
  if (header.samples == 0) return std::nullopt;
  return header;
}

}  // namespace parlando::audio
