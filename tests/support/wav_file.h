#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace parlando::test {

/// Writes a 16-bit mono wav of a tone with `samples` samples. The header always promises all of
/// them; `present` fewer are written, which makes the file a truncated one.
void write_wav(const std::filesystem::path& path, std::size_t samples, std::size_t present,
               std::uint32_t sample_rate = 16000);

/// A whole one.
void write_wav(const std::filesystem::path& path, std::size_t samples);

/// A whole mono wav of 32-bit floats.
void write_float_wav(const std::filesystem::path& path, std::span<const float> samples,
                     std::uint32_t sample_rate);

/// A whole wav of floats, one of which is not a number: its header tells nothing of that.
void write_wav_with_nan(const std::filesystem::path& path);

}  // namespace parlando::test
