#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace parlando::audio {

/// What stands before the first and after the last sample of a centred signal.
enum class PadMode {
  constant,  ///< zeros
  reflect,   ///< the signal mirrored at its end sample, which is not repeated
  edge,      ///< the end sample
};

/// "constant", "reflect" or "edge". Throws Error(usage) for another name.
PadMode pad_mode_named(const std::string& name);

/// `margin` samples on both sides of the signal, as numpy.pad makes them. Throws Error(data) if the
/// signal is empty and `mode` repeats samples of it.
void pad(std::span<const float> signal, std::size_t margin, PadMode mode, std::vector<float>& out);

/// How frames lie over a signal: what decides their number.
struct FrameGrid {
  std::size_t frame_length = 2048;  ///< samples
  std::size_t hop_length = 512;     ///< samples
  bool center = true;               ///< frame t is centred on sample t * hop_length

  /// Frames of a signal of that many samples; 0 if it is not centred and shorter than a frame.
  std::size_t frames(std::size_t samples) const;

  /// Whether both give the same number of frames for every length.
  bool agrees_with(const FrameGrid& other) const;
};

/// Cuts signals into frames, padded on both sides where the grid is centred. Keeps its buffer.
class Framer {
 public:
  Framer(const FrameGrid& grid, PadMode mode) : grid_(grid), mode_(mode) {}

  const FrameGrid& grid() const { return grid_; }

  /// Starts on a signal and returns its number of frames. Throws Error(data) if the signal is
  /// shorter than a frame and the grid is not centred.
  std::size_t start(std::span<const float> signal);

  /// Frame i of the signal; valid until the next start().
  std::span<const float> frame(std::size_t i) const {
    return {padded_.data() + i * grid_.hop_length, grid_.frame_length};
  }

 private:
  FrameGrid grid_;
  PadMode mode_;
  std::vector<float> padded_;
};

}  // namespace parlando::audio
