#pragma once

#include <cstddef>

namespace parlando::audio::kernels {

inline constexpr std::size_t kMedianWindow = 31;

/// Outputs that median_of_31 finds together.
inline constexpr std::size_t kMedianTile = 16;

/// Rows in front of the first output's own: its window and one more, so that blocks of sorted rows
/// begin at multiples of 8.
inline constexpr std::size_t kRowsBefore = kMedianWindow / 2 + 1;

/// Row pointers that median_of_31 reads for `n` outputs.
constexpr std::size_t median_rows(std::size_t n) {
  return (n + kMedianTile - 1) / kMedianTile * kMedianTile + 2 * kMedianTile;
}

/// Medians of 31 non-negative floats down 16 neighbouring columns: out[i * stride + column + lane]
/// = median of rows[i + 1 .. i + 31][column + lane] for i < n.
void median_of_31(const float* const* rows, std::size_t n, std::size_t column, float* out,
                  std::size_t stride);

}  // namespace parlando::audio::kernels
