#include "common/audio/blocks/mfcc.h"

#include "common/audio/dct.h"
#include "common/audio/decibel.h"
#include "common/core/error.h"

namespace parlando::audio {
namespace {

class MfccBlock : public Block {
 public:
  MfccBlock(const MelParameters& mel, const StftParameters& stft, const Dct& dct)
      : mel_(mel), stft_(stft), dct_(dct) {}

  std::size_t rows() const override { return dct_.outputs(); }
  std::optional<FrameGrid> grid() const override { return stft_.grid(); }

 protected:
  const Spectrogram& compute(ClipAnalysis& clip) override {
    const Spectrogram& mel = clip.mel(mel_, stft_);
    decibels_.reshape(mel.frames, mel.rows, mel.stride);
    power_to_db(mel.values, DecibelScale{}, decibels_.values);
    dct_.apply(decibels_, mfcc_);
    return mfcc_;
  }

 private:
  MelParameters mel_;
  StftParameters stft_;
  Dct dct_;
  Spectrogram decibels_;
  Spectrogram mfcc_;
};

}  // namespace

std::unique_ptr<Block> MfccRecipe::make(const BlockContext& context) const {
  if (n_mfcc > mel.n_mels) {
    fail(ErrorKind::usage, "n_mfcc: {} coefficients can't come from {} mel bands (n_mels)", n_mfcc,
         mel.n_mels);
  }
  const StftParameters stft = mel.stft.parameters();
  const Dct dct(static_cast<std::size_t>(n_mfcc), static_cast<std::size_t>(mel.n_mels), lifter);
  return std::make_unique<MfccBlock>(mel.parameters(context.sample_rate()), stft, dct);
}

}  // namespace parlando::audio
