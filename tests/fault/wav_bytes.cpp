#include "tests/fault/wav_bytes.h"

#include <bit>

namespace parlando::test {
namespace {

constexpr std::size_t kPresentBytes = 800;

std::string chunk(const char* name, const std::string& content) {
  return name + little_endian(content.size(), 4) + content;
}

}  // namespace

std::string little_endian(std::uint64_t value, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes += static_cast<char>((value >> (8 * i)) & 0xFFU);
  return bytes;
}

std::string wav_bytes(const WavHeader& header) {
  const std::string format = little_endian(header.codec, 2) + little_endian(header.channels, 2) +
                             little_endian(header.rate, 4) +
                             little_endian(std::uint64_t{header.rate} * header.block_align, 4) +
                             little_endian(header.block_align, 2) + little_endian(header.bits, 2) +
                             header.extension;
  std::string samples;
  for (std::size_t i = 0; i < kPresentBytes / 2; ++i) samples += little_endian(9000 - 20 * i, 2);
  const std::string chunks = chunk("fmt ", format) + header.before_data + "data" +
                             little_endian(header.data_bytes, 4) + samples;
  return header.form + little_endian(4 + chunks.size(), 4) + "WAVE" + chunks;
}

std::string float_wav_bytes(float sample) {
  WavHeader header{.codec = 3, .bits = 32, .block_align = 4};
  std::string bytes = wav_bytes(header);
  const std::size_t first = bytes.size() - kPresentBytes;
  for (std::size_t i = 0; i < kPresentBytes / 4; ++i) {
    const float value = i == kPresentBytes / 8 ? sample : 0.25F;
    bytes.replace(first + 4 * i, 4, little_endian(std::bit_cast<std::uint32_t>(value), 4));
  }
  return bytes;
}

}  // namespace parlando::test
