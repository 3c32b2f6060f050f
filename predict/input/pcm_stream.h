#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace parlando::predict {

/// How the samples of a stream lie: interleaved, little-endian.
struct PcmFormat {
  std::int64_t sample_rate = 16000;  ///< Hz
  std::int64_t channels = 1;
  std::string encoding = "s16";  ///< one of pcm_encodings()
};

/// "u8", "s16", "s24", "s32" and "f32".
const std::vector<std::string>& pcm_encodings();

/// Sound that arrives through a pipe: samples alone, or a wav file, whose header then says how they
/// lie. Samples are given out as they come. Not thread-safe.
class PcmStream {
 public:
  /// Reads the beginning of the open file `descriptor`, which stays the caller's. `raw` is the
  /// format of a stream without a header. Throws Error(data) for a wav header that can't be used,
  /// Error(artefact) if the stream can't be read.
  PcmStream(int descriptor, const PcmFormat& raw);

  const PcmFormat& format() const { return format_; }

  /// Waits for samples and appends them to `interleaved`, whole frames only, full scale = 1.
  /// Returns false at the end. Throws Error(data) for samples that are not finite.
  bool read(std::vector<float>& interleaved);

 private:
  bool fill(std::size_t bytes);
  void read_header();
  void read_format(std::span<const std::byte> chunk);
  std::span<const std::byte> take(std::size_t bytes);

  int descriptor_;
  PcmFormat format_;
  std::vector<std::byte> buffer_;  ///< arrived and not given out yet
  /// Bytes of samples that a wav header promises and that are not given out yet; none: all that
  /// come.
  std::optional<std::uint64_t> promised_;
};

}  // namespace parlando::predict
