#pragma once

#include <cstddef>

namespace parlando::train {

/// Transforms of minimal filtering in one dimension (Winograd, Arithmetic Complexity of
/// Computations, 1980; for layers of a network Lavin and Gray, arXiv 1509.09308): a tile of m
/// outputs of a convolution with r taps is A^T ((G taps) * (B^T input)), with as many products as
/// there are points, m + r - 1 = 8, where the definition has m * r. The points are 0, 1, -1, 2, -2,
/// 1/2, -1/2 and infinity, which of the sets of eight lose least to rounding (Barabasz et al.,
/// Error Analysis and Improving the Accuracy of Winograd Convolution, 2020).
///
/// Each works on rows of `channels` floats, which start `..._row` floats apart, and those of points
/// `..._point` floats.
struct WinogradKernels {
  static constexpr std::size_t kPoints = 8;
  static constexpr std::size_t kLeastTaps = 3;
  static constexpr std::size_t kMostTaps = 5;
  static constexpr std::size_t outputs(std::size_t taps) { return kPoints + 1 - taps; }

  /// B^T: the points of 8 rows of the input.
  void (*input)(std::size_t channels, const float* in, std::size_t in_row, float* out,
                std::size_t out_point);

  /// A^T plus `bias` [channels]: a tile's outputs, of which the first `count` are written.
  void (*output)(std::size_t taps, std::size_t channels, const float* in, std::size_t in_point,
                 const float* bias, std::size_t count, float* out, std::size_t out_row);

  /// A: the points of a tile's output gradients, of which those behind `count` are zero.
  void (*output_gradient)(std::size_t taps, std::size_t channels, std::size_t count,
                          const float* in, std::size_t in_row, float* out, std::size_t out_point);

  /// G: the points of a filter's taps.
  void (*filter)(std::size_t taps, std::size_t channels, const float* in, std::size_t in_row,
                 float* out, std::size_t out_point);

  /// G^T: the taps' gradients.
  void (*filter_gradient)(std::size_t taps, std::size_t channels, const float* in,
                          std::size_t in_point, float* out, std::size_t out_row);
};

}  // namespace parlando::train
