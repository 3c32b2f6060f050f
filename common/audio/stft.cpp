#include "common/audio/stft.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "common/audio/kernels.h"

namespace parlando::audio {

std::vector<double> periodic_hann(std::size_t n) {
  std::vector<double> window(n);
  const double step = 2 * std::numbers::pi / static_cast<double>(n);
  for (std::size_t i = 0; i < n; ++i)
    window[i] = 0.5 - 0.5 * std::cos(step * static_cast<double>(i));
  return window;
}

std::size_t stft_frames(std::size_t samples, std::size_t hop) {
  return 1 + samples / hop;
}

Stft::Stft(std::size_t n_fft, std::size_t hop)
    : n_fft_(n_fft), hop_(hop), window_(periodic_hann(n_fft)), fft_(n_fft) {}

void Stft::power(std::span<const float> signal, Spectrogram& out) {
  run(signal, out, kernels::power_of_bins);
}

void Stft::magnitude(std::span<const float> signal, Spectrogram& out) {
  run(signal, out, kernels::magnitude_of_bins);
}

void Stft::transform(std::span<const float> signal, ComplexSpectrogram& out) {
  pad(signal);
  out.reshape(stft_frames(signal.size(), hop_), bins());
  for (std::size_t i = 0; i < out.frames; ++i) {
    kernels::round_bins(transform_frame(i), out.frame(i));
  }
}

void Stft::run(std::span<const float> signal, Spectrogram& out, Convert convert) {
  pad(signal);
  out.reshape(stft_frames(signal.size(), hop_), bins(), kernels::padded_width(bins()));
  for (std::size_t i = 0; i < out.frames; ++i) convert(transform_frame(i), out.frame(i));
}

void Stft::pad(std::span<const float> signal) {
  const std::size_t margin = n_fft_ / 2;
  padded_.assign(signal.size() + n_fft_, 0.0F);
  std::copy(signal.begin(), signal.end(), padded_.begin() + static_cast<std::ptrdiff_t>(margin));
}

std::span<const std::complex<double>> Stft::transform_frame(std::size_t i) {
  kernels::apply_window({padded_.data() + i * hop_, n_fft_}, window_, fft_.input());
  return fft_.transform();
}

}  // namespace parlando::audio
