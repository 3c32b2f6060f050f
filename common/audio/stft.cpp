#include "common/audio/stft.h"

#include "common/audio/kernels.h"

namespace parlando::audio {
namespace {

template <class T>
void shape(BasicSpectrogram<T>* out, std::size_t frames, std::size_t bins) {
  if (out != nullptr) out->reshape(frames, bins, kernels::padded_width(bins));
}

}  // namespace

std::size_t stft_frames(std::size_t samples, std::size_t hop) {
  return 1 + samples / hop;
}

std::vector<double> bin_frequencies(std::int64_t sample_rate, std::size_t n_fft) {
  // Written as NumPy computes them, to the last bit.
  const double width =
      1.0 / (static_cast<double>(n_fft) * (1.0 / static_cast<double>(sample_rate)));
  std::vector<double> frequencies(n_fft / 2 + 1);
  for (std::size_t k = 0; k < frequencies.size(); ++k) {
    frequencies[k] = static_cast<double>(k) * width;
  }
  return frequencies;
}

Stft::Stft(const StftParameters& parameters)
    : parameters_(parameters),
      window_(centred_window(parameters.window, parameters.win_length, parameters.n_fft)),
      fft_(parameters.n_fft),
      framer_(parameters.grid(), parameters.pad_mode) {}

Stft::Stft(std::size_t n_fft, std::size_t hop)
    : Stft(StftParameters{.n_fft = n_fft, .hop_length = hop, .win_length = n_fft}) {}

void Stft::run(std::span<const float> signal, const StftOutputs& outputs) {
  const std::size_t frames = framer_.start(signal);
  shape(outputs.power, frames, parameters_.bins());
  shape(outputs.energy, frames, parameters_.bins());
  shape(outputs.magnitude, frames, parameters_.bins());
  if (outputs.complex != nullptr) outputs.complex->reshape(frames, parameters_.bins());
  for (std::size_t i = 0; i < frames; ++i) {
    kernels::apply_window(framer_.frame(i), window_, fft_.input());
    const auto bins = fft_.transform();
    if (outputs.power != nullptr) kernels::power_of_bins(bins, outputs.power->frame(i));
    if (outputs.energy != nullptr) kernels::energy_of_bins(bins, outputs.energy->frame(i));
    if (outputs.magnitude != nullptr) kernels::magnitude_of_bins(bins, outputs.magnitude->frame(i));
    if (outputs.complex != nullptr) kernels::round_bins(bins, outputs.complex->frame(i));
  }
}

}  // namespace parlando::audio
