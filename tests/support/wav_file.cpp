#include "tests/support/wav_file.h"

#include <bit>
#include <cmath>
#include <numbers>
#include <string>

#include "tests/support/scratch_folder.h"

namespace parlando::test {
namespace {

void append_little_endian(std::string& bytes, std::uint32_t value, int count) {
  for (int i = 0; i < count; ++i) bytes.push_back(static_cast<char>((value >> (8 * i)) & 0xff));
}

/// `format` is 1 for integers, 3 for floats.
std::string mono_header(std::uint32_t format, std::uint32_t sample_bytes, std::size_t samples,
                        std::uint32_t sample_rate) {
  const auto data_bytes = static_cast<std::uint32_t>(samples) * sample_bytes;
  std::string bytes = "RIFF";
  append_little_endian(bytes, 36 + data_bytes, 4);
  bytes += "WAVEfmt ";
  append_little_endian(bytes, 16, 4);
  append_little_endian(bytes, format, 2);
  append_little_endian(bytes, 1, 2);  // mono
  append_little_endian(bytes, sample_rate, 4);
  append_little_endian(bytes, sample_rate * sample_bytes, 4);
  append_little_endian(bytes, sample_bytes, 2);
  append_little_endian(bytes, 8 * sample_bytes, 2);
  bytes += "data";
  append_little_endian(bytes, data_bytes, 4);
  return bytes;
}

}  // namespace

void write_wav(const std::filesystem::path& path, std::size_t samples, std::size_t present,
               std::uint32_t sample_rate) {
  std::string bytes = mono_header(1, 2, samples, sample_rate);
  for (std::size_t i = 0; i < present; ++i) {
    const double phase = 2 * std::numbers::pi * 220 * static_cast<double>(i) / sample_rate;
    const auto sample = static_cast<std::int16_t>(8000 * std::sin(phase));
    append_little_endian(bytes, static_cast<std::uint16_t>(sample), 2);
  }
  write_text(path, bytes);
}

void write_wav(const std::filesystem::path& path, std::size_t samples) {
  write_wav(path, samples, samples);
}

void write_float_wav(const std::filesystem::path& path, std::span<const float> samples,
                     std::uint32_t sample_rate) {
  std::string bytes = mono_header(3, 4, samples.size(), sample_rate);
  for (const float sample : samples) {
    append_little_endian(bytes, std::bit_cast<std::uint32_t>(sample), 4);
  }
  write_text(path, bytes);
}

void write_wav_with_nan(const std::filesystem::path& path) {
  constexpr std::size_t kSamples = 16000;
  constexpr std::uint32_t kNaN = 0x7FC00000;
  std::string bytes = mono_header(3, 4, kSamples, 16000);
  for (std::size_t i = 0; i < kSamples; ++i) append_little_endian(bytes, i == 8000 ? kNaN : 0, 4);
  write_text(path, bytes);
}

}  // namespace parlando::test
