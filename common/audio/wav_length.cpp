#include "common/audio/wav_length.h"

#include <array>
#include <cstdint>
#include <fstream>
#include <string_view>

#include "common/core/error.h"

namespace parlando::audio {
namespace {

constexpr std::size_t kChunkHeader = 8;
/// Chunks looked at before giving up: a real file has a handful.
constexpr int kMaxChunks = 1000;

std::uint32_t little_endian(const unsigned char* bytes) {
  return static_cast<std::uint32_t>(bytes[0]) | static_cast<std::uint32_t>(bytes[1]) << 8 |
         static_cast<std::uint32_t>(bytes[2]) << 16 | static_cast<std::uint32_t>(bytes[3]) << 24;
}

/// Fills `out` from the stream's position; false at the end of the file.
template <std::size_t N>
bool read_bytes(std::ifstream& in, std::array<unsigned char, N>& out) {
  std::array<char, N> raw{};
  if (!in.read(raw.data(), static_cast<std::streamsize>(N))) return false;
  for (std::size_t i = 0; i < N; ++i) out[i] = static_cast<unsigned char>(raw[i]);
  return true;
}

template <std::size_t N>
bool has_tag(const std::array<unsigned char, N>& bytes, std::size_t at, std::string_view tag) {
  for (std::size_t i = 0; i < tag.size(); ++i) {
    if (bytes[at + i] != static_cast<unsigned char>(tag[i])) return false;
  }
  return true;
}

}  // namespace

void check_wav_length(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::array<unsigned char, 12> riff{};
  if (!in || !read_bytes(in, riff) || !has_tag(riff, 0, "RIFF") || !has_tag(riff, 8, "WAVE"))
    return;
  const std::uint64_t file_size = std::filesystem::file_size(path);
  std::uint64_t position = riff.size();
  for (int i = 0; i < kMaxChunks; ++i) {
    std::array<unsigned char, kChunkHeader> header{};
    in.seekg(static_cast<std::streamoff>(position));
    if (!read_bytes(in, header)) break;
    const std::uint64_t size = little_endian(header.data() + 4);
    position += kChunkHeader;
    if (has_tag(header, 0, "data")) {
      if (position + size > file_size) {
        fail(ErrorKind::data,
             "{}: truncated: the header promises {} bytes of samples, the file holds {}",
             path.string(), size, file_size - position);
      }
      return;
    }
    position += size + size % 2;
  }
  fail(ErrorKind::data, "{}: truncated: a wav header without samples", path.string());
}

}  // namespace parlando::audio
