#include "common/audio/augment/telephone.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace parlando::audio {
namespace {

constexpr double kLineRate = 8000;  // Hz
constexpr double kLowest = 300;     // Hz
constexpr double kHighest = 3400;   // Hz
constexpr int kHalfTaps = 128;      // at 8 kHz: edges of about 100 Hz

constexpr int kBias = 132;
constexpr int kLoudest = 32635;  // of 16 bits; above it, mu-law clips

/// A windowed-sinc band filter (Hamming).
std::vector<double> band_filter() {
  std::vector<double> taps;
  const auto sinc = [](double hz, int n) {
    const double edge = 2 * hz / kLineRate;
    return n == 0 ? edge : std::sin(std::numbers::pi * edge * n) / (std::numbers::pi * n);
  };
  for (int n = -kHalfTaps; n <= kHalfTaps; ++n) {
    const double window = 0.54 + 0.46 * std::cos(std::numbers::pi * n / kHalfTaps);
    taps.push_back(window * (sinc(kHighest, n) - sinc(kLowest, n)));
  }
  return taps;
}

/// Convolves with symmetric taps, centred: no delay, same length.
std::vector<float> filter(const std::vector<float>& signal, const std::vector<double>& taps) {
  const auto length = static_cast<std::ptrdiff_t>(signal.size());
  const auto half = static_cast<std::ptrdiff_t>(taps.size() / 2);
  std::vector<float> result(signal.size());
  for (std::ptrdiff_t i = 0; i < length; ++i) {
    const std::ptrdiff_t first = std::max<std::ptrdiff_t>(0, i - half);
    const std::ptrdiff_t last = std::min(length - 1, i + half);
    double sum = 0;
    for (std::ptrdiff_t j = first; j <= last; ++j) {
      sum += taps[static_cast<std::size_t>(j - i + half)] * signal[static_cast<std::size_t>(j)];
    }
    result[static_cast<std::size_t>(i)] = static_cast<float>(sum);
  }
  return result;
}

}  // namespace

std::uint8_t mu_law_encode(float sample) {
  const float full = std::clamp(sample, -1.0F, 1.0F) * 32768.0F;
  const int value = static_cast<int>(std::lround(full));
  const int magnitude = std::min(std::abs(value), kLoudest) + kBias;
  int exponent = 7;
  while (exponent > 0 && (magnitude & (0x80 << exponent)) == 0) --exponent;
  const int mantissa = (magnitude >> (exponent + 3)) & 0x0F;
  const int sign = value < 0 ? 0x80 : 0;
  return static_cast<std::uint8_t>(~(sign | (exponent << 4) | mantissa));
}

float mu_law_decode(std::uint8_t code) {
  const int bits = ~code & 0xFF;
  const int exponent = (bits >> 4) & 7;
  const int magnitude = ((((bits & 0x0F) << 3) + kBias) << exponent) - kBias;
  return static_cast<float>((bits & 0x80) != 0 ? -magnitude : magnitude) / 32768.0F;
}

Telephone::Telephone(std::int64_t sample_rate)
    : sample_rate_(sample_rate),
      down_(kLineRate),
      up_(static_cast<double>(sample_rate)),
      band_(band_filter()) {}

void Telephone::apply(std::vector<float>& waveform) {
  const std::size_t length = waveform.size();
  down_.resample(waveform, static_cast<double>(sample_rate_), line_);
  line_ = filter(line_, band_);
  for (float& sample : line_) sample = mu_law_decode(mu_law_encode(sample));
  up_.resample(line_, kLineRate, waveform);
  waveform.resize(length, 0.0F);
}

}  // namespace parlando::audio
