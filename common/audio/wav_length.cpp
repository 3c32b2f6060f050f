#include "common/audio/wav_length.h"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "common/core/error.h"

namespace parlando::audio {
namespace {

constexpr std::size_t kChunkHeader = 8;
/// Chunks looked at before giving up: a real file has a handful.
constexpr int kMaxChunks = 1000;
/// The size of an RF64 data chunk whose true size stands in the chunk ds64.
constexpr std::uint64_t kSeeDs64 = 0xFFFFFFFF;

/// A whole number of `N` bytes, in the order of the file.
template <std::size_t N>
std::uint64_t number(const unsigned char* bytes, bool big_endian) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < N; ++i) {
    const std::size_t place = big_endian ? N - 1 - i : i;
    value |= static_cast<std::uint64_t>(bytes[i]) << (8 * place);
  }
  return value;
}

/// Fills `out` from the file's position; false at the end of the file.
template <std::size_t N>
bool read_bytes(ByteReader& file, std::array<unsigned char, N>& out) {
  return file.read(std::as_writable_bytes(std::span(out))) == N;
}

template <std::size_t N>
bool has_tag(const std::array<unsigned char, N>& bytes, std::size_t at, std::string_view tag) {
  for (std::size_t i = 0; i < tag.size(); ++i) {
    if (bytes[at + i] != static_cast<unsigned char>(tag[i])) return false;
  }
  return true;
}

}  // namespace

void check_wav_length(const std::filesystem::path& path, ByteReader& file) {
  file.seek(0);
  std::array<unsigned char, 12> riff{};
  if (!read_bytes(file, riff) || !has_tag(riff, 8, "WAVE")) return;
  const bool big_endian = has_tag(riff, 0, "RIFX");
  const bool long_sizes = has_tag(riff, 0, "RF64");
  if (!big_endian && !long_sizes && !has_tag(riff, 0, "RIFF")) return;
  const auto file_size = static_cast<std::uint64_t>(file.size());
  std::uint64_t position = riff.size();
  std::uint64_t long_size = 0;
  for (int i = 0; i < kMaxChunks && position < file_size; ++i) {
    std::array<unsigned char, kChunkHeader> header{};
    file.seek(static_cast<std::int64_t>(position));
    if (!read_bytes(file, header)) break;
    std::uint64_t size = number<4>(header.data() + 4, big_endian);
    position += kChunkHeader;
    if (std::array<unsigned char, 16> sizes{};
        long_sizes && has_tag(header, 0, "ds64") && read_bytes(file, sizes)) {
      long_size = number<8>(sizes.data() + 8, false);
    }
    if (has_tag(header, 0, "data")) {
      if (long_sizes && size == kSeeDs64) size = long_size;
      if (size > file_size - position) {
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
