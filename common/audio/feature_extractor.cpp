#include "common/audio/feature_extractor.h"

#include <algorithm>

#include "common/audio/blocks/block_stack.h"
#include "common/audio/blocks/pitch_keys.h"
#include "common/audio/clip_analysis.h"
#include "common/audio/functionals.h"
#include "common/audio/mono.h"
#include "common/audio/waveform.h"
#include "common/core/error.h"
#include "common/core/text.h"

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
      : recipe(feature_recipe),
        preparation(feature_recipe.waveform),
        blocks(feature_recipe.features, feature_recipe.waveform.sample_rate),
        functionals(feature_recipe.functionals),
        row_names(functionals.empty() ? blocks.row_names()
                                      : functionals.row_names(blocks.row_names())) {}

  /// Features of a waveform of the recipe's length.
  FeatureMatrix extract(std::span<const float> waveform, const std::string& clip_id);
  /// The blocks of the current clip, one beside the other.
  FeatureMatrix stack();

  FeatureRecipe recipe;
  WaveformPreparation preparation;
  ClipAnalysis clip;
  BlockStack blocks;
  Functionals functionals;
  std::vector<std::string> row_names;
};

FeatureMatrix FeatureExtractor::Impl::stack() {
  FeatureMatrix matrix;
  for (const auto& [name, block] : blocks.entries()) matrix.rows += block->rows();
  std::size_t offset = 0;
  for (const auto& [name, block] : blocks.entries()) {
    const Spectrogram& features = block->features(clip);
    if (offset == 0) {
      matrix.frames = features.frames;
      matrix.values.resize(matrix.frames * matrix.rows);
    } else if (features.frames != matrix.frames) {
      fail(ErrorKind::data, "the block '{}' has {} frames, '{}' has {}", name, features.frames,
           blocks.entries().front().name, matrix.frames);
    }
    for (std::size_t t = 0; t < features.frames; ++t) {
      const std::span<const float> frame = features.frame(t);
      std::copy(frame.begin(), frame.end(), matrix.values.data() + t * matrix.rows + offset);
    }
    offset += block->rows();
  }
  return matrix;
}

FeatureMatrix FeatureExtractor::Impl::extract(std::span<const float> waveform,
                                              const std::string& clip_id) {
  clip.start(waveform, clip_id);
  FeatureMatrix matrix = stack();
  if (!all_finite(matrix.values)) {
    fail(ErrorKind::data, "samples are too large: features overflow float32");
  }
  if (!blocks.grid() && matrix.frames > blocks.max_frames(waveform.size())) {
    fail(ErrorKind::data, "{} frames are more than max_frames, {}", matrix.frames,
         blocks.max_frames(waveform.size()));
  }
  if (functionals.empty()) return matrix;
  return {1, row_names.size(), functionals.apply(matrix.values, matrix.frames)};
}

FeatureExtractor::FeatureExtractor(const FeatureRecipe& recipe)
    : impl_(std::make_unique<Impl>(recipe)) {}
FeatureExtractor::~FeatureExtractor() = default;
FeatureExtractor::FeatureExtractor(FeatureExtractor&&) noexcept = default;

const std::vector<std::string>& FeatureExtractor::row_names() const {
  return impl_->row_names;
}

double FeatureExtractor::seconds_needed() const {
  const WaveformRecipe& waveform = impl_->recipe.waveform;
  if (waveform.duration <= 0 || waveform.offset <= 0) return waveform.duration;
  constexpr double kRounding = 1e-6;  // the sum may fall short of a sample
  return waveform.offset + waveform.duration + kRounding;
}

double FeatureExtractor::frame_step() const {
  const std::optional<FrameGrid>& grid = impl_->blocks.grid();
  if (!grid || !impl_->functionals.empty()) return 0;
  return static_cast<double>(grid->hop_length) /
         static_cast<double>(impl_->recipe.waveform.sample_rate);
}

std::size_t FeatureExtractor::max_frames(std::int64_t sample_rate, std::int64_t samples) const {
  return frames_of(max_samples(sample_rate, samples));
}

std::int64_t FeatureExtractor::max_samples(std::int64_t sample_rate, std::int64_t samples) const {
  return impl_->preparation.natural_length(sample_rate, samples);
}

std::size_t FeatureExtractor::frames_of(std::int64_t samples) const {
  const auto length = static_cast<std::size_t>(impl_->preparation.fixed_length(samples));
  return impl_->functionals.empty() ? impl_->blocks.max_frames(length) : 1;
}

std::string FeatureExtractor::input_hash(const std::string& clip_id, const FileHash& hash) const {
  std::string hashes;
  for (const auto& [name, block] : impl_->blocks.entries()) {
    hashes += block->input_hash(clip_id, hash);
  }
  return hashes;
}

FeatureMatrix FeatureExtractor::extract(const DecodedAudio& audio, const std::string& clip_id) {
  return impl_->extract(impl_->preparation.prepare(audio), clip_id);
}

std::vector<float> FeatureExtractor::waveform(const DecodedAudio& audio) {
  const std::span<const float> waveform = impl_->preparation.prepare_natural(audio);
  return {waveform.begin(), waveform.end()};
}

FeatureMatrix FeatureExtractor::extract_waveform(std::vector<float> waveform,
                                                 const std::string& clip_id) {
  impl_->preparation.fix_length(waveform);
  return impl_->extract(waveform, clip_id);
}

FeatureMatrix FeatureExtractor::stage(const DecodedAudio& audio, const std::string& name,
                                      const std::string& clip_id) {
  ClipAnalysis& clip = impl_->clip;
  clip.start(impl_->preparation.prepare(audio), clip_id);
  if (name == "waveform" || name == "harmonic") {
    WaveformSource source({.harmonic = name == "harmonic"});
    const std::span<const float> waveform = source.of(clip).waveform();
    return {waveform.size(), 1, {waveform.begin(), waveform.end()}};
  }
  if (Block* block = impl_->blocks.find(name)) return rows_first(block->features(clip));
  std::vector<std::string> known{"waveform", "harmonic"};
  for (const auto& entry : impl_->blocks.entries()) known.push_back(entry.name);
  for (const std::string& kind : block_kinds()) {
    if (kind != name) {
      known.push_back(kind);
      continue;
    }
    const BlockStack alone({default_block(name)}, impl_->recipe.waveform.sample_rate);
    return rows_first(alone.entries().front().block->features(clip));
  }
  fail(ErrorKind::usage, "no stage '{}'; there are {}", name, join_text(known, ", "));
}

}  // namespace parlando::audio
