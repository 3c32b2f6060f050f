#include "common/audio/feature_extractor.h"

#include <algorithm>
#include <map>

#include "common/audio/block.h"
#include "common/audio/clip_analysis.h"
#include "common/audio/mono.h"
#include "common/audio/stft.h"
#include "common/audio/waveform.h"
#include "common/core/error.h"

namespace parlando::audio {
namespace {

/// [rows, frames], as librosa lays features out.
FeatureMatrix rows_first(const Spectrogram& spectrogram) {
  FeatureMatrix matrix{spectrogram.frames, spectrogram.rows, {}};
  matrix.values.resize(matrix.frames * matrix.rows);
  for (std::size_t t = 0; t < matrix.frames; ++t) {
    const std::span<const float> frame = spectrogram.frame(t);
    for (std::size_t r = 0; r < matrix.rows; ++r) matrix.values[r * matrix.frames + t] = frame[r];
  }
  return matrix;
}

}  // namespace

struct FeatureExtractor::Impl {
  explicit Impl(const FeatureRecipe& feature_recipe)
      : recipe(feature_recipe), preparation(feature_recipe.waveform) {
    recipe.validate();
    std::map<std::string, int> seen;
    for (const FeatureBlock& block : recipe.features) {
      blocks.push_back(make_block(block, recipe.waveform.sample_rate));
      const int copy = ++seen[block.block];
      const std::string prefix = copy == 1 ? block.block : fmt::format("{}.{}", block.block, copy);
      for (std::size_t r = 0; r < blocks.back()->rows(); ++r) {
        row_names.push_back(fmt::format("{}_{}", prefix, r));
      }
    }
  }

  /// Features of a waveform of the recipe's length.
  FeatureMatrix extract(std::span<const float> waveform);

  FeatureRecipe recipe;
  WaveformPreparation preparation;
  ClipAnalysis clip;
  std::vector<std::unique_ptr<Block>> blocks;
  std::vector<std::string> row_names;
};

FeatureMatrix FeatureExtractor::Impl::extract(std::span<const float> waveform) {
  clip.start(waveform);
  FeatureMatrix matrix;
  matrix.rows = row_names.size();
  std::size_t offset = 0;
  for (const auto& block : blocks) {
    const Spectrogram& features = block->compute(clip);
    matrix.frames = features.frames;
    matrix.values.resize(matrix.frames * matrix.rows);
    for (std::size_t t = 0; t < features.frames; ++t) {
      const std::span<const float> frame = features.frame(t);
      std::copy(frame.begin(), frame.end(), matrix.values.data() + t * matrix.rows + offset);
    }
    offset += block->rows();
  }
  if (!all_finite(matrix.values)) {
    fail(ErrorKind::data, "samples are too large: features overflow float32");
  }
  return matrix;
}

FeatureExtractor::FeatureExtractor(const FeatureRecipe& recipe)
    : impl_(std::make_unique<Impl>(recipe)) {}
FeatureExtractor::~FeatureExtractor() = default;
FeatureExtractor::FeatureExtractor(FeatureExtractor&&) noexcept = default;

const std::vector<std::string>& FeatureExtractor::row_names() const {
  return impl_->row_names;
}

double FeatureExtractor::seconds_needed() const {
  return impl_->recipe.waveform.duration;
}

std::size_t FeatureExtractor::max_frames(std::int64_t sample_rate, std::int64_t samples) const {
  return frames_of(max_samples(sample_rate, samples));
}

std::int64_t FeatureExtractor::max_samples(std::int64_t sample_rate, std::int64_t samples) const {
  return impl_->preparation.natural_length(sample_rate, samples);
}

std::size_t FeatureExtractor::frames_of(std::int64_t samples) const {
  const auto length = static_cast<std::size_t>(impl_->preparation.fixed_length(samples));
  return stft_frames(length, static_cast<std::size_t>(impl_->recipe.features.front().hop_length));
}

FeatureMatrix FeatureExtractor::extract(const DecodedAudio& audio) {
  return impl_->extract(impl_->preparation.prepare(audio));
}

std::vector<float> FeatureExtractor::waveform(const DecodedAudio& audio) {
  const std::span<const float> waveform = impl_->preparation.prepare_natural(audio);
  return {waveform.begin(), waveform.end()};
}

FeatureMatrix FeatureExtractor::extract_waveform(std::vector<float> waveform) {
  impl_->preparation.fix_length(waveform);
  return impl_->extract(waveform);
}

FeatureMatrix FeatureExtractor::stage(const DecodedAudio& audio, const std::string& name) {
  const FeatureBlock& block = impl_->recipe.features.front();
  const std::int64_t sample_rate = impl_->recipe.waveform.sample_rate;
  const auto n_fft = static_cast<std::size_t>(block.n_fft);
  const auto hop = static_cast<std::size_t>(block.hop_length);
  ClipAnalysis& clip = impl_->clip;
  clip.start(impl_->preparation.prepare(audio));
  if (name == "waveform") {
    const std::span<const float> waveform = clip.waveform();
    return {waveform.size(), 1, {waveform.begin(), waveform.end()}};
  }
  if (name == "stft_magnitude") return rows_first(clip.magnitude(n_fft, hop));
  if (name == "mel_power") return rows_first(clip.mel(mel_parameters(block, sample_rate), hop));
  if (name == "log_mel") {
    FeatureBlock log_mel = block;
    log_mel.block = "log_mel";
    return rows_first(make_block(log_mel, sample_rate)->compute(clip));
  }
  fail(ErrorKind::usage, "no stage '{}'; there are waveform, stft_magnitude, mel_power, log_mel",
       name);
}

}  // namespace parlando::audio
