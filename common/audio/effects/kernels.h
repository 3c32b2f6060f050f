#pragma once

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

}  // namespace parlando::audio::kernels
