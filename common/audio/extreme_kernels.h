#pragma once

#include <cstddef>

/// Like the loops of common/audio/kernels.h: the same bits on every CPU.
namespace parlando::audio::kernels {

/// Columns that means_of_extremes looks at together.
inline constexpr std::size_t kExtremeColumns = 16;

/// Values that it takes a mean of at the most.
inline constexpr std::size_t kMostExtremes = 16;

/// Means of the n smallest and of the n largest values of each of 16 columns, both summed from the
/// smallest up. `values` is [rows, 16], not negative and no NaN; 1 <= n <= kMostExtremes, n <=
/// rows.
void means_of_extremes(const float* values, std::size_t rows, std::size_t n, float* of_smallest,
                       float* of_largest);

}  // namespace parlando::audio::kernels
