#include "common/audio/waveform.h"

#include <algorithm>
#include <cmath>

#include "common/audio/mono.h"
#include "common/core/error.h"

namespace parlando::audio {
namespace {

/// Whole samples in so many seconds, at most `limit`.
std::int64_t samples_in(double seconds, std::int64_t sample_rate, std::int64_t limit) {
  const double samples = std::floor(seconds * static_cast<double>(sample_rate));
  return samples < static_cast<double>(limit) ? static_cast<std::int64_t>(samples) : limit;
}

}  // namespace

WaveformPreparation::WaveformPreparation(const WaveformRecipe& recipe)
    : recipe_(recipe), resampler_(recipe.sample_rate) {
  if (recipe.trim) trimmer_.emplace(*recipe.trim);
}

WaveformPreparation::Cut WaveformPreparation::cut(std::int64_t sample_rate,
                                                  std::int64_t samples) const {
  const std::int64_t first = samples_in(recipe_.offset, sample_rate, samples);
  const std::int64_t rest = samples - first;
  if (recipe_.duration <= 0) return {first, rest};
  return {first, samples_in(recipe_.duration, sample_rate, rest)};
}

std::int64_t WaveformPreparation::natural_length(std::int64_t sample_rate,
                                                 std::int64_t samples) const {
  return resampled_length(cut(sample_rate, samples).count, sample_rate, recipe_.sample_rate);
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

std::span<const float> WaveformPreparation::mono_part(const DecodedAudio& audio, const Cut& cut) {
  const auto channels = static_cast<std::size_t>(audio.channels);
  const auto count = static_cast<std::size_t>(cut.count);
  const std::span<const float> part =
      std::span(audio.interleaved)
          .subspan(static_cast<std::size_t>(cut.first) * channels, count * channels);
  if (channels == 1) return part;
  mono_.resize(count);
  mean_of_channels(part, channels, mono_);
  return mono_;
}

std::span<const float> WaveformPreparation::prepare_natural(const DecodedAudio& audio) {
  const Cut cut = this->cut(audio.sample_rate, audio.samples);
  if (cut.first > 0 && cut.count == 0) {
    fail(ErrorKind::data, "ends before the recipe's offset of {} s", recipe_.offset);
  }
  const std::span<const float> part = mono_part(audio, cut);
  if (!all_finite(part)) {
    const auto bad =
        std::find_if(part.begin(), part.end(), [](float sample) { return !std::isfinite(sample); });
    fail(ErrorKind::data, "sample {} is {}, not a finite number", bad - part.begin() + cut.first,
         *bad);
  }
  resampler_.resample(part, audio.sample_rate, waveform_);
  if (trimmer_) {
    const auto [start, end] = trimmer_->ends(waveform_);
    waveform_.resize(end);
    waveform_.erase(waveform_.begin(), waveform_.begin() + static_cast<std::ptrdiff_t>(start));
  }
  return waveform_;
}

}  // namespace parlando::audio
