#pragma once

#include <complex>
#include <cstddef>
#include <span>

/// The inner loops of the effects, compiled like those of common/audio/kernels.h: the same bits on
/// every CPU.
namespace parlando::audio::kernels {

/// sum += window * (frame * scale), the product in double and each sum rounded to float32.
void add_windowed(std::span<const float> frame, float scale, std::span<const double> window,
                  std::span<float> sum);

/// out = a / b.
void divide(std::span<const float> a, std::span<const float> b, std::span<float> out);

/// librosa.util.softmask of a spectrum against another, all in float32: x^p / (x^p + (margin y)^p),
/// both first divided by the larger one.
struct SoftMask {
  float power = 2;
  float margin = 1;       ///< factor of the other spectrum
  float both_zero = 0.5;  ///< mask where neither has energy
};

/// out = stft * mask of `part` against `other`; `magnitude` is |stft|.
void apply_soft_mask(const SoftMask& mask, std::span<const float> part,
                     std::span<const float> other, std::span<const float> magnitude,
                     std::span<const std::complex<float>> stft, std::span<std::complex<float>> out);

/// A matrix whose rows lie `stride` values apart.
template <class T>
struct Rows {
  T* values;
  std::size_t stride;
};

/// to[column][row] = from[row][column].
void transpose(Rows<const float> from, std::size_t rows, std::size_t columns, Rows<float> to);

}  // namespace parlando::audio::kernels
