#include "common/audio/pitch/chroma_cqt.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "common/audio/kernels.h"
#include "common/core/error.h"

namespace parlando::audio {
namespace {

CqtParameters cqt_parameters(const ChromaCqtParameters& parameters) {
  if (parameters.n_chroma == 0 || parameters.bins_per_octave % parameters.n_chroma != 0) {
    fail(ErrorKind::usage, "bins_per_octave {} is no multiple of n_chroma {}",
         parameters.bins_per_octave, parameters.n_chroma);
  }
  return {.sample_rate = parameters.sample_rate,
          .hop = parameters.hop,
          .fmin = parameters.fmin,
          .n_bins = parameters.n_octaves * parameters.bins_per_octave,
          .bins_per_octave = parameters.bins_per_octave};
}

}  // namespace

std::vector<std::size_t> pitch_classes(std::size_t n_bins, std::size_t bins_per_octave,
                                       std::size_t n_chroma, double fmin) {
  const std::size_t merged = bins_per_octave / n_chroma;
  const double midi = 12 * (std::log2(fmin) - std::log2(440.0)) + 69;
  const double pitch_class = midi - 12 * std::floor(midi / 12);
  const auto roll =
      static_cast<std::size_t>(std::nearbyint(pitch_class * (static_cast<double>(n_chroma) / 12)));
  std::vector<std::size_t> classes;
  for (std::size_t i = 0; i < n_bins; ++i) {
    // A pitch class is centred on its middle bin.
    const std::size_t centred = (i + merged / 2) % bins_per_octave / merged;
    classes.push_back((centred + roll) % n_chroma);
  }
  return classes;
}

ChromaCqt::ChromaCqt(const ChromaCqtParameters& parameters)
    : parameters_(parameters),
      cqt_(cqt_parameters(parameters)),
      classes_(pitch_classes(parameters.n_octaves * parameters.bins_per_octave,
                             parameters.bins_per_octave, parameters.n_chroma, parameters.fmin)) {}

void ChromaCqt::apply(std::span<const float> signal, double tuning, Spectrogram& chroma) {
  cqt_.magnitude(signal, tuning, magnitude_);
  chroma.reshape(magnitude_.frames, parameters_.n_chroma,
                 kernels::padded_width(parameters_.n_chroma));
  for (std::size_t t = 0; t < chroma.frames; ++t) {
    const std::span<const float> from = magnitude_.frame(t);
    const std::span<float> to = chroma.frame(t);
    std::ranges::fill(to, 0.0F);
    for (std::size_t i = 0; i < from.size(); ++i) to[classes_[i]] += from[i];
    for (float& value : to) {
      if (static_cast<double>(value) < parameters_.threshold) value = 0;
    }
    normalize(to, parameters_.norm);
  }
}

void tonnetz(const Spectrogram& chroma, Spectrogram& out) {
  constexpr std::array<double, kTonnetzRows> kScale = {7.0 / 6, 7.0 / 6, 3.0 / 2,
                                                       3.0 / 2, 2.0 / 3, 2.0 / 3};
  constexpr std::array<double, kTonnetzRows> kRadius = {1, 1, 1, 1, 0.5, 0.5};
  const std::size_t n_chroma = chroma.rows;
  std::vector<double> weights(kTonnetzRows * n_chroma);
  for (std::size_t r = 0; r < kTonnetzRows; ++r) {
    for (std::size_t c = 0; c < n_chroma; ++c) {
      const double position = 12 * static_cast<double>(c) / static_cast<double>(n_chroma);
      const double half_turns = kScale[r] * position - (r % 2 == 0 ? 0.5 : 0);
      weights[r * n_chroma + c] = kRadius[r] * std::cos(std::numbers::pi * half_turns);
    }
  }
  out.reshape(chroma.frames, kTonnetzRows, kernels::padded_width(kTonnetzRows));
  std::vector<float> shares(n_chroma);
  for (std::size_t t = 0; t < chroma.frames; ++t) {
    std::ranges::copy(chroma.frame(t), shares.begin());
    normalize<float>(shares, Norm::absolute);
    for (std::size_t r = 0; r < kTonnetzRows; ++r) {
      double sum = 0;
      for (std::size_t c = 0; c < n_chroma; ++c) {
        sum += weights[r * n_chroma + c] * static_cast<double>(shares[c]);
      }
      out.frame(t)[r] = static_cast<float>(sum);
    }
  }
}

}  // namespace parlando::audio
