#include "common/audio/effects/sliding_median.h"

#include <algorithm>

#include "common/audio/effects/median_kernels.h"

namespace parlando::audio {
namespace {

/// Row of a matrix of n rows that stands at `position` when the matrix is mirrored at both ends
/// without end.
std::size_t mirrored(std::ptrdiff_t position, std::size_t n) {
  const auto period = static_cast<std::ptrdiff_t>(2 * n);
  position %= period;
  if (position < 0) position += period;
  const auto row = static_cast<std::size_t>(position);
  return row < n ? row : 2 * n - 1 - row;
}

}  // namespace

SlidingMedian::SlidingMedian(std::size_t size) : size_(size) {}

void SlidingMedian::filter(const MatrixView& in, float* out) {
  const std::size_t before = size_ == kernels::kMedianWindow ? kernels::kRowsBefore : size_ / 2;
  const std::size_t count =
      size_ == kernels::kMedianWindow ? kernels::median_rows(in.rows) : in.rows + size_ - 1;
  rows_.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto position = static_cast<std::ptrdiff_t>(i) - static_cast<std::ptrdiff_t>(before);
    rows_[i] = in.row(mirrored(position, in.rows));
  }
  if (size_ != kernels::kMedianWindow) return filter_any(in, out);
  for (std::size_t column = 0; column < in.columns; column += kLanes) {
    kernels::median_of_31(rows_.data(), in.rows, column, out, in.stride);
  }
}

void SlidingMedian::filter_any(const MatrixView& in, float* out) {
  window_.resize(size_);
  const auto middle = window_.begin() + static_cast<std::ptrdiff_t>(size_ / 2);
  for (std::size_t i = 0; i < in.rows; ++i) {
    for (std::size_t column = 0; column < in.columns; ++column) {
      for (std::size_t k = 0; k < size_; ++k) window_[k] = rows_[i + k][column];
      std::nth_element(window_.begin(), middle, window_.end());
      out[i * in.stride + column] = *middle;
    }
  }
}

}  // namespace parlando::audio
