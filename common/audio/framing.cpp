#include "common/audio/framing.h"

#include <algorithm>

#include "common/core/error.h"

namespace parlando::audio {
namespace {

/// Index of the sample that a reflection shows at position `i`, which may lie outside [0, n).
std::size_t reflected(std::ptrdiff_t i, std::size_t n) {
  if (n == 1) return 0;
  const auto period = static_cast<std::ptrdiff_t>(2 * (n - 1));
  const std::ptrdiff_t folded = ((i % period) + period) % period;
  return static_cast<std::size_t>(std::min(folded, period - folded));
}

/// Samples of the grid that stand for no hop: the last frame needs them.
std::size_t samples_lost(const FrameGrid& grid) {
  return grid.center ? grid.frame_length % 2 : grid.frame_length;
}

}  // namespace

PadMode pad_mode_named(const std::string& name) {
  if (name == "constant") return PadMode::constant;
  if (name == "reflect") return PadMode::reflect;
  if (name == "edge") return PadMode::edge;
  fail(ErrorKind::usage, "no pad_mode '{}'; there are constant, reflect and edge", name);
}

void pad(std::span<const float> signal, std::size_t margin, PadMode mode, std::vector<float>& out) {
  if (signal.empty() && margin > 0 && mode != PadMode::constant) {
    fail(ErrorKind::data, "holds no samples");
  }
  const std::size_t n = signal.size();
  out.assign(n + 2 * margin, 0.0F);
  const auto middle = out.begin() + static_cast<std::ptrdiff_t>(margin);
  std::copy(signal.begin(), signal.end(), middle);
  if (mode == PadMode::edge && margin > 0) {
    std::fill(out.begin(), middle, signal.front());
    std::fill(middle + static_cast<std::ptrdiff_t>(n), out.end(), signal.back());
  } else if (mode == PadMode::reflect) {
    for (std::size_t i = 0; i < margin; ++i) {
      out[i] = signal[reflected(
          static_cast<std::ptrdiff_t>(i) - static_cast<std::ptrdiff_t>(margin), n)];
      out[margin + n + i] = signal[reflected(static_cast<std::ptrdiff_t>(n + i), n)];
    }
  }
}

std::size_t FrameGrid::frames(std::size_t samples) const {
  const std::size_t lost = samples_lost(*this);
  if (samples < lost) return 0;
  return 1 + (samples - lost) / hop_length;
}

bool FrameGrid::agrees_with(const FrameGrid& other) const {
  return hop_length == other.hop_length && samples_lost(*this) == samples_lost(other);
}

std::size_t Framer::start(std::span<const float> signal) {
  const std::size_t count = grid_.frames(signal.size());
  if (count == 0) {
    fail(ErrorKind::data, "too short: {} samples, a frame needs {}", signal.size(),
         grid_.frame_length);
  }
  pad(signal, grid_.center ? grid_.frame_length / 2 : 0, mode_, padded_);
  return count;
}

}  // namespace parlando::audio
