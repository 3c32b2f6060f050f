#include "common/audio/blocks/tuning.h"

#include <algorithm>

#include "common/audio/pitch/tuning.h"

namespace parlando::audio {
namespace {

class EstimateTuningBlock : public Block {
 public:
  EstimateTuningBlock(const EstimateTuningRecipe& recipe, const StftParameters& stft,
                      const PiptrackParameters& piptrack)
      : recipe_(recipe), stft_(stft), piptrack_(piptrack), source_(recipe.source) {}

  std::size_t rows() const override { return 1; }
  std::optional<FrameGrid> grid() const override { return stft_.grid(); }

 protected:
  const Spectrogram& compute(ClipAnalysis& clip) override {
    const Spectrogram& magnitude = source_.of(clip).magnitude(stft_);
    const double tuning =
        estimator_.estimate(magnitude, piptrack_, recipe_.bins_per_octave, recipe_.resolution);
    features_.reshape(magnitude.frames, 1);
    std::ranges::fill(features_.values, static_cast<float>(tuning));
    return features_;
  }

 private:
  EstimateTuningRecipe recipe_;
  StftParameters stft_;
  PiptrackParameters piptrack_;
  WaveformSource source_;
  TuningEstimator estimator_;
  Spectrogram features_;
};

}  // namespace

std::unique_ptr<Block> EstimateTuningRecipe::make(const BlockContext& context) const {
  const StftParameters parameters = stft.parameters();
  const PiptrackParameters piptrack{.sample_rate = static_cast<double>(context.sample_rate()),
                                    .n_fft = parameters.n_fft,
                                    .fmin = fmin,
                                    .fmax = fmax,
                                    .threshold = threshold};
  return std::make_unique<EstimateTuningBlock>(*this, parameters, piptrack);
}

}  // namespace parlando::audio
