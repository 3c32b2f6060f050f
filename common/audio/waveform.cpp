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

std::int64_t WaveformPreparation::length(std::int64_t sample_rate, std::int64_t samples) const {
  if (recipe_.fix_length > 0) return recipe_.fix_length;
  return resampled_length(cut(sample_rate, samples), sample_rate, recipe_.sample_rate);
}

std::span<const float> WaveformPreparation::prepare(const DecodedAudio& audio) {
  mix_to_mono(audio, mono_);
  mono_.resize(static_cast<std::size_t>(cut(audio.sample_rate, audio.samples)));
  if (!all_finite(mono_)) {
    const auto bad = std::find_if(mono_.begin(), mono_.end(),
                                  [](float sample) { return !std::isfinite(sample); });
    fail(ErrorKind::data, "sample {} is {}, not a finite number", bad - mono_.begin(), *bad);
  }
  resampler_.resample(mono_, audio.sample_rate, waveform_);
  if (recipe_.fix_length > 0) {
    waveform_.resize(static_cast<std::size_t>(recipe_.fix_length), 0.0F);
  }
  return waveform_;
}

}  // namespace parlando::audio
