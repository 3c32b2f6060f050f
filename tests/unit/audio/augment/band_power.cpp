#include "tests/unit/audio/augment/band_power.h"

#include <cmath>
#include <numbers>

#include "common/audio/fft.h"

namespace parlando::test {

double band_db(std::span<const float> signal, std::int64_t sample_rate, double low, double high) {
  audio::RealFft fft(signal.size());
  const auto n = static_cast<double>(signal.size());
  for (std::size_t i = 0; i < signal.size(); ++i) {
    const double turn = 2 * std::numbers::pi * static_cast<double>(i) / n;
    fft.input()[i] = signal[i] * (0.5 - 0.5 * std::cos(turn));  // so that bands do not leak
  }
  const auto bins = fft.transform();
  const double bin_width = static_cast<double>(sample_rate) / n;
  double sum = 0;
  int count = 0;
  for (std::size_t k = 0; k < bins.size(); ++k) {
    const double hz = static_cast<double>(k) * bin_width;
    if (hz < low || hz >= high) continue;
    sum += std::norm(bins[k]);
    ++count;
  }
  return 10 * std::log10(sum / count);
}

}  // namespace parlando::test
