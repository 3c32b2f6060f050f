#include "common/audio/dct.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "common/audio/kernels.h"

namespace parlando::audio {

Dct::Dct(std::size_t outputs, std::size_t inputs, double lifter)
    : outputs_(outputs),
      inputs_(inputs),
      stride_(kernels::padded_width(inputs)),
      weights_(outputs * stride_, 0.0F),
      lifter_(outputs, 1.0F),
      frame_(stride_, 0.0F) {
  const auto n = static_cast<double>(inputs);
  for (std::size_t k = 0; k < outputs; ++k) {
    const double scale = std::sqrt((k == 0 ? 1.0 : 2.0) / n);
    for (std::size_t i = 0; i < inputs; ++i) {
      const double angle =
          std::numbers::pi * static_cast<double>(k) * (2 * static_cast<double>(i) + 1) / (2 * n);
      weights_[k * stride_ + i] = static_cast<float>(scale * std::cos(angle));
    }
    if (lifter > 0) {
      const double wave = std::sin(std::numbers::pi * static_cast<double>(k + 1) / lifter);
      lifter_[k] = static_cast<float>(1 + lifter / 2 * wave);
    }
  }
}

std::vector<float> Dct::dense() const {
  std::vector<float> all;
  for (std::size_t k = 0; k < outputs_; ++k) {
    const auto row = weights_.begin() + static_cast<std::ptrdiff_t>(k * stride_);
    all.insert(all.end(), row, row + static_cast<std::ptrdiff_t>(inputs_));
  }
  return all;
}

void Dct::apply(const Spectrogram& in, Spectrogram& out) {
  out.reshape(in.frames, outputs_);
  for (std::size_t t = 0; t < in.frames; ++t) {
    std::copy_n(in.frame(t).begin(), inputs_, frame_.begin());
    const std::span<float> coefficients = out.frame(t);
    for (std::size_t k = 0; k < outputs_; ++k) {
      coefficients[k] =
          lifter_[k] * kernels::dot(weights_.data() + k * stride_, frame_.data(), stride_);
    }
  }
}

}  // namespace parlando::audio
