#include "common/audio/effects/pitch_shift.h"

#include <cmath>

namespace parlando::audio {

PitchShift::PitchShift(double sample_rate, std::size_t n_fft, std::size_t hop)
    : sample_rate_(sample_rate), time_stretch_(n_fft, hop), resampler_(sample_rate) {}

void PitchShift::shift(std::span<const float> signal, double steps, int bins_per_octave,
                       std::vector<float>& out) {
  const double rate = std::pow(2.0, -steps / bins_per_octave);
  time_stretch_.stretch(signal, rate, stretched_);
  resampler_.resample(stretched_, sample_rate_ / rate, out);
  out.resize(signal.size(), 0.0F);
}

}  // namespace parlando::audio
