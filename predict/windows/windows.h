#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "common/audio/decode.h"

namespace parlando::predict {

/// A stretch of a recording, in samples of each channel.
struct Window {
  std::int64_t first = 0;
  std::int64_t count = 0;

  std::int64_t end() const { return first + count; }
  bool operator==(const Window&) const = default;
};

/// Sliding windows over a recording: window k is [k hop, k hop + length), and the last one ends
/// where the recording ends. A last one of less than half a window is left out unless it is the
/// only one. A stream and a file of the same samples have the same windows.
class WindowPlan {
 public:
  /// Throws Error(usage) for seconds that are less than a sample.
  WindowPlan(double window_seconds, double hop_seconds, std::int64_t sample_rate);

  /// Window k, where the recording is long enough.
  Window at(std::int64_t k) const { return {k * hop_, length_}; }
  /// What follows the first `k` windows, all of them whole, when the recording ends after
  /// `samples`: the last window, or nothing.
  std::optional<Window> last(std::int64_t k, std::int64_t samples) const;
  /// Those of a recording of that length, at least one.
  std::vector<Window> all(std::int64_t samples) const;

 private:
  std::int64_t length_, hop_;  ///< samples
};

/// A copy of that stretch.
audio::DecodedAudio cut(const audio::DecodedAudio& audio, const Window& window);

}  // namespace parlando::predict
