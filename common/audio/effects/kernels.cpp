#include "common/audio/effects/kernels.h"

#include "common/core/multiversion.h"

namespace parlando::audio::kernels {

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

}  // namespace parlando::audio::kernels
