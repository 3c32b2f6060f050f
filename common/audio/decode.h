#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace parlando::audio {

/// Samples of a clip as stored: interleaved channels, float32, full scale = 1.
struct DecodedAudio {
  std::int64_t sample_rate = 0;  ///< Hz
  std::int64_t channels = 0;
  std::int64_t samples = 0;  ///< per channel
  float peak = 0;            ///< largest absolute sample
  std::vector<float> interleaved;
};

/// What a file's header promises.
struct AudioHeader {
  std::int64_t sample_rate = 0;  ///< Hz
  std::int64_t channels = 0;
  std::int64_t samples = 0;  ///< per channel
};

/// Reads the header alone. Throws Error(data) naming the path as decode_audio does, for what a
/// header can tell: not audio, truncated wav data, no samples. A FLAC stream of unknown length is
/// decoded, as nothing else tells its length.
AudioHeader read_audio_header(const std::filesystem::path& path);

/// Decodes a wav or FLAC file, the first `seconds` of it (0 = all; floor(seconds * rate) samples as
/// librosa.load counts them). Throws Error(data) naming the path and what is wrong: not audio,
/// truncated, empty, samples that are not finite.
DecodedAudio decode_audio(const std::filesystem::path& path, double seconds = 0);

/// The same of a file's bytes in memory; `name` stands for the path in errors.
DecodedAudio decode_audio(std::span<const std::byte> bytes, const std::string& name,
                          double seconds = 0);

/// Hash of the decoded samples of the whole clip and its rate: mono copies of identical channels
/// and other containers or bit depths of the same samples give the same hash.
std::string audio_hash(const DecodedAudio& audio);

}  // namespace parlando::audio
