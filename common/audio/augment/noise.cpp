#include "common/audio/augment/noise.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>

#include "common/audio/fft.h"
#include "common/core/random.h"

namespace parlando::audio {
namespace {

constexpr std::size_t kShortestPinkPeriod = 1024;
constexpr std::size_t kLongestPinkPeriod = std::size_t{1} << 18;

}  // namespace

void fill_white_noise(std::uint64_t seed, std::span<float> noise) {
  RandomStream stream(seed, "white noise");
  for (float& sample : noise) sample = static_cast<float>(stream.normal());
}

void fill_pink_noise(std::uint64_t seed, std::span<float> noise) {
  const std::size_t period =
      std::clamp(std::bit_ceil(noise.size()), kShortestPinkPeriod, kLongestPinkPeriod);
  InverseRealFft fft(period);
  const std::span<std::complex<double>> bins = fft.input();
  RandomStream stream(seed, "pink noise");
  bins[0] = 0;
  for (std::size_t k = 1; k < bins.size(); ++k) {
    const double amplitude = 1 / std::sqrt(static_cast<double>(k));
    const double real = stream.normal();
    bins[k] = {amplitude * real, amplitude * stream.normal()};
  }
  bins.back() = bins.back().real();  // the bin at half the sample rate has no phase
  const std::span<const double> samples = fft.transform();
  for (std::size_t i = 0; i < noise.size(); ++i) {
    noise[i] = static_cast<float>(samples[i % period]);
  }
}

void fill_from_recording(std::span<const float> recording, double start, std::span<float> out) {
  auto position = static_cast<std::size_t>(start * static_cast<double>(recording.size()));
  for (float& sample : out) {
    if (position >= recording.size()) position = 0;
    sample = recording[position++];
  }
}

double mean_power(std::span<const float> waveform) {
  if (waveform.empty()) return 0;
  double sum = 0;
  for (const float sample : waveform) sum += static_cast<double>(sample) * sample;
  return sum / static_cast<double>(waveform.size());
}

void add_noise(std::span<const float> noise, double snr_db, std::span<float> waveform) {
  const double signal_power = mean_power(waveform);
  const double noise_power = mean_power(noise);
  if (signal_power == 0 || noise_power == 0) return;
  const double factor = std::sqrt(signal_power / noise_power) * std::pow(10.0, -snr_db / 20);
  for (std::size_t i = 0; i < waveform.size(); ++i) {
    waveform[i] = static_cast<float>(waveform[i] + factor * noise[i]);
  }
}

}  // namespace parlando::audio
