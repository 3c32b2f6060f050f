#include "common/audio/block.h"

#include "common/audio/decibel.h"
#include "common/core/error.h"

namespace parlando::audio {
namespace {

/// librosa.feature.melspectrogram: power summed in mel bands.
class MelBlock : public Block {
 public:
  MelBlock(const FeatureBlock& recipe, std::int64_t sample_rate)
      : parameters_(mel_parameters(recipe, sample_rate)),
        hop_(static_cast<std::size_t>(recipe.hop_length)) {}

  std::size_t rows() const override { return parameters_.n_mels; }
  const Spectrogram& compute(ClipAnalysis& clip) override { return clip.mel(parameters_, hop_); }

 private:
  MelParameters parameters_;
  std::size_t hop_;
};

/// The same in decibels.
class LogMelBlock : public Block {
 public:
  LogMelBlock(const FeatureBlock& recipe, std::int64_t sample_rate)
      : mel_(recipe, sample_rate),
        reference_(recipe.ref == "max" ? Reference::maximum : Reference::one),
        top_db_(recipe.top_db) {}

  std::size_t rows() const override { return mel_.rows(); }

  const Spectrogram& compute(ClipAnalysis& clip) override {
    const Spectrogram& mel = mel_.compute(clip);
    decibels_.reshape(mel.frames, mel.rows, mel.stride);
    power_to_db(mel.values, reference_, top_db_, decibels_.values);
    return decibels_;
  }

 private:
  MelBlock mel_;
  Reference reference_;
  double top_db_;
  Spectrogram decibels_;
};

}  // namespace

MelParameters mel_parameters(const FeatureBlock& recipe, std::int64_t sample_rate) {
  return {.sample_rate = sample_rate,
          .n_fft = static_cast<std::size_t>(recipe.n_fft),
          .n_mels = static_cast<std::size_t>(recipe.n_mels),
          .fmin = recipe.fmin,
          .fmax = recipe.fmax,
          .scale = recipe.htk ? MelScale::htk : MelScale::slaney};
}

std::unique_ptr<Block> make_block(const FeatureBlock& recipe, std::int64_t sample_rate) {
  if (recipe.block == "mel") return std::make_unique<MelBlock>(recipe, sample_rate);
  if (recipe.block == "log_mel") return std::make_unique<LogMelBlock>(recipe, sample_rate);
  fail(ErrorKind::usage, "unknown feature block '{}'; there are log_mel and mel", recipe.block);
}

}  // namespace parlando::audio
