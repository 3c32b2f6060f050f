#include "common/audio/waveform.h"

#include <algorithm>
#include <cmath>

#include "common/audio/mono.h"
#include "common/core/error.h"

namespace parlando::audio {

WaveformPreparation::WaveformPreparation(const WaveformRecipe& recipe)
    : recipe_(recipe), resampler_(recipe.sample_rate) {}

std::int64_t WaveformPreparation::cut(std::int64_t sample_rate, std::int64_t samples) const {
  if (recipe_.duration <= 0) return samples;
  const double limit = std::floor(recipe_.duration * static_cast<double>(sample_rate));
  return limit < static_cast<double>(samples) ? static_cast<std::int64_t>(limit) : samples;
}

std::int64_t WaveformPreparation::natural_length(std::int64_t sample_rate,
                                                 std::int64_t samples) const {
  return resampled_length(cut(sample_rate, samples), sample_rate, recipe_.sample_rate);
}

std::int64_t WaveformPreparation::fixed_length(std::int64_t natural) const {
  return recipe_.fix_length > 0 ? recipe_.fix_length : natural;
}

void WaveformPreparation::fix_length(std::vector<float>& waveform) const {
  waveform.resize(
      static_cast<std::size_t>(fixed_length(static_cast<std::int64_t>(waveform.size()))));
}

std::span<const float> WaveformPreparation::prepare(const DecodedAudio& audio) {
  prepare_natural(audio);
  fix_length(waveform_);
  return waveform_;
}

std::span<const float> WaveformPreparation::prepare_natural(const DecodedAudio& audio) {
  mix_to_mono(audio, mono_);
  mono_.resize(static_cast<std::size_t>(cut(audio.sample_rate, audio.samples)));
  if (!all_finite(mono_)) {
    const auto bad = std::find_if(mono_.begin(), mono_.end(),
                                  [](float sample) { return !std::isfinite(sample); });
    fail(ErrorKind::data, "sample {} is {}, not a finite number", bad - mono_.begin(), *bad);
  }
  resampler_.resample(mono_, audio.sample_rate, waveform_);
  return waveform_;
}

}  // namespace parlando::audio
