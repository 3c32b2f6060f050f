#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sndfile.h>

namespace parlando::test {

struct SoundFormat {
  int rate = 24000;
  int channels = 1;
  int format = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
};

/// Writes interleaved samples in [-1, 1); integer formats keep multiples of 2^-15 exactly.
void write_sound(const std::filesystem::path& path, const std::vector<float>& samples,
                 const SoundFormat& format = {});

/// sin(2 pi hz t) times `amplitude`.
std::vector<float> tone(double hz, int rate, std::size_t samples, double amplitude = 0.5);

/// Cuts a file to its first `bytes`.
void truncate_file(const std::filesystem::path& path, std::uintmax_t bytes);

/// Overwrites bytes of a file.
void patch_file(const std::filesystem::path& path, std::streamoff at, const std::string& bytes);

/// `value` as 4 bytes, little-endian.
std::string little_endian_bytes(std::uint32_t value);

}  // namespace parlando::test
