#include "common/audio/blocks/stft.h"

namespace parlando::audio {
namespace {

enum class Output { magnitude, power, decibel };

class StftBlock : public Block {
 public:
  StftBlock(const StftParameters& stft, Output output, const DecibelScale& scale)
      : stft_(stft), output_(output), scale_(scale) {}

  std::size_t rows() const override { return stft_.bins(); }
  std::optional<FrameGrid> grid() const override { return stft_.grid(); }

 protected:
  const Spectrogram& compute(ClipAnalysis& clip) override {
    if (output_ == Output::magnitude) return clip.magnitude(stft_);
    const Spectrogram& power = clip.power(stft_);
    if (output_ == Output::power) return power;
    decibels_.reshape(power.frames, power.rows, power.stride);
    power_to_db(power.values, scale_, decibels_.values);
    return decibels_;
  }

 private:
  StftParameters stft_;
  Output output_;
  DecibelScale scale_;
  Spectrogram decibels_;
};

}  // namespace

std::unique_ptr<Block> StftRecipe::make(const BlockContext&) const {
  const Output kind = output == "power" ? Output::power
                      : output == "db"  ? Output::decibel
                                        : Output::magnitude;
  return std::make_unique<StftBlock>(stft.parameters(), kind, decibel.scale());
}

}  // namespace parlando::audio
