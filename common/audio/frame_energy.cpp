#include "common/audio/frame_energy.h"

#include <numeric>

#include "common/audio/kernels.h"

namespace parlando::audio {

FrameEnergy::FrameEnergy(const FrameGrid& grid, PadMode mode)
    : framer_(grid, mode), piece_(std::gcd(grid.frame_length, grid.hop_length)) {}

std::span<const double> FrameEnergy::mean_squares(std::span<const float> signal) {
  const FrameGrid& grid = framer_.grid();
  const std::size_t frames = framer_.start(signal);
  const std::size_t pieces = grid.frame_length / piece_;
  const std::size_t step = grid.hop_length / piece_;
  const float* padded = framer_.frame(0).data();
  sums_.resize((frames - 1) * step + pieces);
  for (std::size_t i = 0; i < sums_.size(); ++i) {
    sums_[i] = kernels::sum_of_squares({padded + i * piece_, piece_});
  }
  means_.resize(frames);
  for (std::size_t t = 0; t < frames; ++t) {
    const auto first = sums_.begin() + static_cast<std::ptrdiff_t>(t * step);
    const double sum = std::accumulate(first, first + static_cast<std::ptrdiff_t>(pieces), 0.0);
    means_[t] = sum / static_cast<double>(grid.frame_length);
  }
  return means_;
}

}  // namespace parlando::audio
