#include "common/audio/effects/time_stretch.h"

#include <cmath>
#include <numbers>

namespace parlando::audio {

TimeStretch::TimeStretch(std::size_t n_fft, std::size_t hop)
    : hop_(hop), stft_(n_fft, hop), inverse_(n_fft, hop) {}

void TimeStretch::stretch(std::span<const float> signal, double rate, std::vector<float>& out) {
  const double length = std::nearbyint(static_cast<double>(signal.size()) / rate);
  if (length == 0) {  // which would ask the inverse for all that it has
    out.clear();
    return;
  }
  stft_.transform(signal, spectrum_);
  vocode(rate);
  inverse_.invert(stretched_, static_cast<std::size_t>(length), out);
}

/// librosa.phase_vocoder: magnitudes interpolate between the two frames around each step, phases
/// advance by the difference of their angles. The phase is summed in float32, like librosa's: the
/// rounding decides the phase of high bins after many frames.
void TimeStretch::vocode(double rate) {
  const std::size_t bins = spectrum_.rows;
  const std::size_t frames = spectrum_.frames;
  // Two frames of silence behind the end let the last steps look ahead.
  magnitudes_.assign((frames + 2) * bins, 0.0F);
  angles_.assign((frames + 2) * bins, 0.0F);
  for (std::size_t i = 0; i < frames * bins; ++i) {
    const std::complex<float> value = spectrum_.values[i];
    magnitudes_[i] = std::abs(value);
    angles_[i] = std::arg(value);
  }
  phase_.assign(angles_.begin(), angles_.begin() + static_cast<std::ptrdiff_t>(bins));
  const double turn = 2 * std::numbers::pi;
  const double advance_of_bin =
      static_cast<double>(hop_) * turn / static_cast<double>(stft_.parameters().n_fft);
  const auto steps = static_cast<std::size_t>(std::ceil(static_cast<double>(frames) / rate));
  stretched_.reshape(steps, bins);
  for (std::size_t t = 0; t < steps; ++t) {
    const double step = static_cast<double>(t) * rate;
    const auto left = static_cast<std::size_t>(step);
    const double alpha = step - static_cast<double>(left);
    const float* magnitude = magnitudes_.data() + left * bins;
    const float* angle = angles_.data() + left * bins;
    const std::span<std::complex<float>> out = stretched_.frame(t);
    for (std::size_t k = 0; k < bins; ++k) {
      const double between = (1 - alpha) * static_cast<double>(magnitude[k]) +
                             alpha * static_cast<double>(magnitude[k + bins]);
      out[k] = {static_cast<float>(static_cast<double>(std::cos(phase_[k])) * between),
                static_cast<float>(static_cast<double>(std::sin(phase_[k])) * between)};
      const double advance = advance_of_bin * static_cast<double>(k);
      double change = static_cast<double>(angle[k + bins] - angle[k]) - advance;
      change -= turn * std::nearbyint(change / turn);
      phase_[k] = static_cast<float>(static_cast<double>(phase_[k]) + (advance + change));
    }
  }
}

}  // namespace parlando::audio
