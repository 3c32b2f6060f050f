#include "tests/unit/audio/sound_file.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <memory>
#include <numbers>

#include <gtest/gtest.h>

namespace parlando::test {

void write_sound(const std::filesystem::path& path, const std::vector<float>& samples,
                 const SoundFormat& format) {
  SF_INFO info{};
  info.samplerate = format.rate;
  info.channels = format.channels;
  info.format = format.format;
  const std::unique_ptr<SNDFILE, int (*)(SNDFILE*)> file(sf_open(path.c_str(), SFM_WRITE, &info),
                                                         sf_close);
  ASSERT_NE(file, nullptr) << path << ": " << sf_strerror(nullptr);
  const auto count = static_cast<sf_count_t>(samples.size());
  if ((format.format & SF_FORMAT_SUBMASK) == SF_FORMAT_FLOAT) {
    ASSERT_EQ(sf_write_float(file.get(), samples.data(), count), count);
    return;
  }
  // sf_write_float would scale by 32767 and decoding by 1 / 32768.
  std::vector<int> integers(samples.size());
  std::transform(samples.begin(), samples.end(), integers.begin(),
                 [](float sample) { return static_cast<int>(std::ldexp(sample, 31)); });
  ASSERT_EQ(sf_write_int(file.get(), integers.data(), count), count);
}

std::vector<float> tone(double hz, int rate, std::size_t samples, double amplitude) {
  std::vector<float> out(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    out[i] = static_cast<float>(
        amplitude * std::sin(2 * std::numbers::pi * hz * static_cast<double>(i) / rate));
  }
  return out;
}

void truncate_file(const std::filesystem::path& path, std::uintmax_t bytes) {
  ASSERT_LT(bytes, std::filesystem::file_size(path));
  std::filesystem::resize_file(path, bytes);
}

void patch_file(const std::filesystem::path& path, std::streamoff at, const std::string& bytes) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(at);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  ASSERT_TRUE(file.good()) << path;
}

std::string little_endian_bytes(std::uint32_t value) {
  std::string bytes;
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>((value >> shift) & 0xFFU);
  return bytes;
}

}  // namespace parlando::test
