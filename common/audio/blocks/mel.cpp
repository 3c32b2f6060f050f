#include "common/audio/blocks/mel.h"

#include "common/core/error.h"

namespace parlando::audio {
namespace {

class MelBlock : public Block {
 public:
  MelBlock(const MelParameters& mel, const StftParameters& stft) : mel_(mel), stft_(stft) {}

  std::size_t rows() const override { return mel_.n_mels; }
  std::optional<FrameGrid> grid() const override { return stft_.grid(); }

 protected:
  const Spectrogram& compute(ClipAnalysis& clip) override { return clip.mel(mel_, stft_); }

 private:
  MelParameters mel_;
  StftParameters stft_;
};

class LogMelBlock : public Block {
 public:
  LogMelBlock(const MelParameters& mel, const StftParameters& stft, const DecibelScale& scale)
      : mel_(mel), stft_(stft), scale_(scale) {}

  std::size_t rows() const override { return mel_.n_mels; }
  std::optional<FrameGrid> grid() const override { return stft_.grid(); }

 protected:
  const Spectrogram& compute(ClipAnalysis& clip) override {
    const Spectrogram& mel = clip.mel(mel_, stft_);
    decibels_.reshape(mel.frames, mel.rows, mel.stride);
    power_to_db(mel.values, scale_, decibels_.values);
    return decibels_;
  }

 private:
  MelParameters mel_;
  StftParameters stft_;
  DecibelScale scale_;
  Spectrogram decibels_;
};

}  // namespace

MelParameters MelKeys::parameters(std::int64_t sample_rate) const {
  const double nyquist = static_cast<double>(sample_rate) / 2;
  const double highest = fmax > 0 ? fmax : nyquist;
  if (highest > nyquist || fmin >= highest) {
    fail(ErrorKind::usage,
         "fmin {} and fmax {} Hz must rise and stay below {} Hz, half the sample rate", fmin,
         highest, nyquist);
  }
  return {.sample_rate = sample_rate,
          .n_fft = static_cast<std::size_t>(stft.n_fft),
          .n_mels = static_cast<std::size_t>(n_mels),
          .fmin = fmin,
          .fmax = fmax,
          .scale = htk ? MelScale::htk : MelScale::slaney,
          .norm = norm == "none" ? MelNorm::none : MelNorm::slaney,
          .power = power};
}

std::unique_ptr<Block> MelRecipe::make(const BlockContext& context) const {
  const StftParameters stft = mel.stft.parameters();
  return std::make_unique<MelBlock>(mel.parameters(context.sample_rate()), stft);
}

std::unique_ptr<Block> LogMelRecipe::make(const BlockContext& context) const {
  const StftParameters stft = mel.stft.parameters();
  return std::make_unique<LogMelBlock>(mel.parameters(context.sample_rate()), stft,
                                       decibel.scale());
}

}  // namespace parlando::audio
