#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace parlando::test {

/// What the header of a wav file says, true or not. The defaults are those of a sound 16-bit file.
struct WavHeader {
  std::uint16_t codec = 1;  ///< PCM
  std::uint16_t channels = 1;
  std::uint32_t rate = 16000;
  std::uint16_t bits = 16;
  std::uint16_t block_align = 2;
  std::uint32_t data_bytes = 800;
  std::string extension{};    ///< after the 16 bytes of the fmt chunk
  std::string before_data{};  ///< chunks between fmt and data
  const char* form = "RIFF";
};

/// The header and 800 bytes of a falling ramp.
std::string wav_bytes(const WavHeader& header);

/// `value` in `count` bytes, little-endian.
std::string little_endian(std::uint64_t value, int count);

/// A float32 wav whose middle sample is `sample`.
std::string float_wav_bytes(float sample);

}  // namespace parlando::test
