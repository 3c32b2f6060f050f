#include "common/audio/effects/kernels.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "common/core/multiversion.h"

namespace parlando::audio::kernels {
namespace {

/// The mask of one bin times its magnitude.
template <class Power>
[[gnu::always_inline]] inline float masked(const SoftMask& mask, float part, float other,
                                           float magnitude, Power power) {
  const float reference = other * mask.margin;
  const float larger = std::max(part, reference);
  const bool both_zero = larger < std::numeric_limits<float>::min();
  const float scale = both_zero ? 1.0F : larger;
  const float own = power(part / scale);
  const float others = power(reference / scale);
  const float share = both_zero ? mask.both_zero : own / (own + others);
  return magnitude * share;
}

template <class Power>
[[gnu::always_inline]] inline void apply(const SoftMask& mask, std::span<const float> part,
                                         std::span<const float> other,
                                         std::span<const float> magnitude,
                                         std::span<const std::complex<float>> stft,
                                         std::span<std::complex<float>> out, Power power) {
  for (std::size_t k = 0; k < out.size(); ++k) {
    const float kept = masked(mask, part[k], other[k], magnitude[k], power);
    // librosa multiplies by the phase, which is the spectrum over its magnitude.
    const float divisor = magnitude[k] == 0 ? 1.0F : magnitude[k];
    out[k] = {kept * (stft[k].real() / divisor), kept * (stft[k].imag() / divisor)};
  }
}

constexpr std::size_t kSide = 4;
using Four [[gnu::vector_size(16)]] = float;

/// Transposes four rows of four.
[[gnu::always_inline]] inline void transpose_square(Rows<const float> from, Rows<float> to) {
  Four in[kSide];
  for (std::size_t i = 0; i < kSide; ++i) {
    std::memcpy(&in[i], from.values + i * from.stride, sizeof in[i]);
  }
  const Four left_even = __builtin_shufflevector(in[0], in[2], 0, 4, 1, 5);
  const Four left_odd = __builtin_shufflevector(in[1], in[3], 0, 4, 1, 5);
  const Four right_even = __builtin_shufflevector(in[0], in[2], 2, 6, 3, 7);
  const Four right_odd = __builtin_shufflevector(in[1], in[3], 2, 6, 3, 7);
  const Four out[kSide] = {__builtin_shufflevector(left_even, left_odd, 0, 4, 1, 5),
                           __builtin_shufflevector(left_even, left_odd, 2, 6, 3, 7),
                           __builtin_shufflevector(right_even, right_odd, 0, 4, 1, 5),
                           __builtin_shufflevector(right_even, right_odd, 2, 6, 3, 7)};
  for (std::size_t i = 0; i < kSide; ++i) {
    std::memcpy(to.values + i * to.stride, &out[i], sizeof out[i]);
  }
}

}  // namespace

PARLANDO_MULTIVERSION
void add_windowed(std::span<const float> frame, float scale, std::span<const double> window,
                  std::span<float> sum) {
  for (std::size_t i = 0; i < sum.size(); ++i) {
    const double sample = static_cast<double>(frame[i] * scale);
    sum[i] = static_cast<float>(static_cast<double>(sum[i]) + window[i] * sample);
  }
}

PARLANDO_MULTIVERSION
void divide(std::span<const float> a, std::span<const float> b, std::span<float> out) {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = a[i] / b[i];
}

PARLANDO_MULTIVERSION
void apply_soft_mask(const SoftMask& mask, std::span<const float> part,
                     std::span<const float> other, std::span<const float> magnitude,
                     std::span<const std::complex<float>> stft,
                     std::span<std::complex<float>> out) {
  if (mask.power == 2) {
    apply(mask, part, other, magnitude, stft, out, [](float x) { return x * x; });
  } else {
    apply(mask, part, other, magnitude, stft, out,
          [&](float x) { return std::pow(x, mask.power); });
  }
}

PARLANDO_MULTIVERSION
void transpose(Rows<const float> from, std::size_t rows, std::size_t columns, Rows<float> to) {
  constexpr std::size_t kBlock = 16;
  const std::size_t whole_columns = columns / kSide * kSide;
  for (std::size_t first_row = 0; first_row < rows; first_row += kBlock) {
    const std::size_t end_row = std::min(first_row + kBlock, rows);
    const std::size_t whole_rows = end_row / kSide * kSide;
    for (std::size_t column = 0; column < whole_columns; column += kSide) {
      for (std::size_t row = first_row; row < whole_rows; row += kSide) {
        transpose_square({from.values + row * from.stride + column, from.stride},
                         {to.values + column * to.stride + row, to.stride});
      }
    }
    for (std::size_t column = 0; column < columns; ++column) {
      const std::size_t begin = column < whole_columns ? whole_rows : first_row;
      for (std::size_t row = begin; row < end_row; ++row) {
        to.values[column * to.stride + row] = from.values[row * from.stride + column];
      }
    }
  }
}

}  // namespace parlando::audio::kernels
