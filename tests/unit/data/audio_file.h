#pragma once

#include <filesystem>
#include <vector>

namespace parlando::test {

/// Samples of a quiet tone: `pitch` in Hz makes clips differ. Mono, at 16 kHz.
std::vector<float> tone(double pitch, std::size_t samples = 1600);

/// Writes float32 samples, interleaved, as wav ("clip.wav": float, so that NaN can be stored) or
/// FLAC
/// ("clip.flac": 16 bit), at 16 kHz; creates the folders.
void write_audio(const std::filesystem::path& path, const std::vector<float>& samples,
                 int channels = 1);

}  // namespace parlando::test
