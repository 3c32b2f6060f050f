#include "common/audio/blocks/pitch_keys.h"

#include <charconv>

#include "common/core/error.h"

namespace parlando::audio {

ClipAnalysis& WaveformSource::of(ClipAnalysis& clip) {
  if (!harmonic_) return clip;
  return clip.derived("harmonic", [this](ClipAnalysis& whole, std::vector<float>& out) {
    if (!hpss_) hpss_ = std::make_unique<Hpss>(HpssParameters{});
    const StftParameters parameters;
    const ComplexSpectrogram& stft = whole.stft(parameters);
    hpss_->harmonic(stft, whole.magnitude(parameters), whole.waveform().size(), out);
  });
}

std::optional<double> TuningKey::value() const {
  if (tuning == "auto") return std::nullopt;
  double number = 0;
  const char* end = tuning.data() + tuning.size();
  const auto [stop, error] = std::from_chars(tuning.data(), end, number);
  if (error != std::errc() || stop != end || !(number >= -0.5 && number <= 0.5)) {
    fail(ErrorKind::usage, "tuning: '{}' is neither 'auto' nor a number from -0.5 to 0.5", tuning);
  }
  return number;
}

Norm NormKey::value() const {
  if (norm == "1") return Norm::absolute;
  if (norm == "2") return Norm::euclidean;
  return norm == "none" ? Norm::none : Norm::maximum;
}

}  // namespace parlando::audio
