#pragma once

#include <cstddef>
#include <vector>

namespace parlando::audio {

/// A matrix of non-negative values whose rows lie `stride` values apart; `stride` is a multiple of
/// SlidingMedian::kLanes and at least `columns`.
struct MatrixView {
  const float* values = nullptr;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::size_t stride = 0;

  const float* row(std::size_t i) const { return values + i * stride; }
};

/// Running median down the columns of a matrix, as scipy.ndimage.median_filter with mode 'reflect'
/// has it: the matrix is mirrored at its first and last row, which are repeated. Values must be
/// non-negative and no NaN. Keeps its buffers. Not thread-safe.
class SlidingMedian {
 public:
  /// Columns that are filtered at a time.
  static constexpr std::size_t kLanes = 16;

  /// `size` is the length of the window, odd. 31, librosa's default, has a fast path: neighbouring
  /// windows share sorted parts (after Adams, "Fast median filters using separable sorting
  /// networks", ACM Trans. Graph. 40, 2021), and each window is finished by merging.
  explicit SlidingMedian(std::size_t size);

  /// Writes the medians to `out`, [rows, stride] like `in`. Values behind `columns` are
  /// unspecified.
  void filter(const MatrixView& in, float* out);

 private:
  void filter_any(const MatrixView& in, float* out);

  std::size_t size_;
  std::vector<const float*> rows_;
  std::vector<float> window_;
};

}  // namespace parlando::audio
