#include "common/audio/blocks/cqt.h"

#include "common/audio/pitch/tuning.h"

namespace parlando::audio {
namespace {

/// The tuning that a recipe fixes, or the clip's: librosa.estimate_tuning(y=...).
class ClipTuning {
 public:
  ClipTuning(std::optional<double> fixed, double sample_rate, std::size_t bins_per_octave)
      : fixed_(fixed),
        piptrack_{.sample_rate = sample_rate},
        bins_per_octave_(static_cast<int>(bins_per_octave)) {}

  double of(ClipAnalysis& clip) {
    if (fixed_) return *fixed_;
    return estimator_.estimate(clip.magnitude(StftParameters{}), piptrack_, bins_per_octave_);
  }

 private:
  std::optional<double> fixed_;
  PiptrackParameters piptrack_;
  int bins_per_octave_;
  TuningEstimator estimator_;
};

class CqtBlock : public Block {
 public:
  CqtBlock(const CqtParameters& parameters, std::optional<double> tuning, const SourceKey& source)
      : source_(source),
        tuning_(tuning, parameters.sample_rate, parameters.bins_per_octave),
        cqt_(parameters) {}

  std::size_t rows() const override { return cqt_.parameters().n_bins; }
  std::optional<FrameGrid> grid() const override {
    return FrameGrid{.hop_length = cqt_.parameters().hop};
  }

 protected:
  const Spectrogram& compute(ClipAnalysis& clip) override {
    ClipAnalysis& source = source_.of(clip);
    cqt_.magnitude(source.waveform(), tuning_.of(source), features_);
    return features_;
  }

 private:
  WaveformSource source_;
  ClipTuning tuning_;
  Cqt cqt_;
  Spectrogram features_;
};

class ChromaCqtBlock : public Block {
 public:
  ChromaCqtBlock(const ChromaCqtParameters& parameters, std::optional<double> tuning,
                 const SourceKey& source)
      : source_(source),
        tuning_(tuning, parameters.sample_rate, parameters.bins_per_octave),
        chroma_(parameters) {}

  std::size_t rows() const override { return chroma_.parameters().n_chroma; }
  std::optional<FrameGrid> grid() const override {
    return FrameGrid{.hop_length = chroma_.parameters().hop};
  }

 protected:
  const Spectrogram& compute(ClipAnalysis& clip) override {
    ClipAnalysis& source = source_.of(clip);
    chroma_.apply(source.waveform(), tuning_.of(source), features_);
    return features_;
  }

 private:
  WaveformSource source_;
  ClipTuning tuning_;
  ChromaCqt chroma_;
  Spectrogram features_;
};

class TonnetzBlock : public ChromaCqtBlock {
 public:
  using ChromaCqtBlock::ChromaCqtBlock;

  std::size_t rows() const override { return kTonnetzRows; }

 protected:
  const Spectrogram& compute(ClipAnalysis& clip) override {
    tonnetz(ChromaCqtBlock::compute(clip), centroids_);
    return centroids_;
  }

 private:
  Spectrogram centroids_;
};

double lowest(double fmin) {
  return fmin > 0 ? fmin : kC1;
}

}  // namespace

ChromaCqtParameters ChromaCqtKeys::parameters(std::int64_t sample_rate) const {
  return {.sample_rate = static_cast<double>(sample_rate),
          .hop = static_cast<std::size_t>(hop_length),
          .fmin = lowest(fmin),
          .n_chroma = static_cast<std::size_t>(n_chroma),
          .n_octaves = static_cast<std::size_t>(n_octaves),
          .bins_per_octave = static_cast<std::size_t>(bins_per_octave),
          .threshold = threshold,
          .norm = norm.value()};
}

std::unique_ptr<Block> CqtRecipe::make(const BlockContext& context) const {
  const CqtParameters parameters{.sample_rate = static_cast<double>(context.sample_rate()),
                                 .hop = static_cast<std::size_t>(hop_length),
                                 .fmin = lowest(fmin),
                                 .n_bins = static_cast<std::size_t>(n_bins),
                                 .bins_per_octave = static_cast<std::size_t>(bins_per_octave),
                                 .filter_scale = filter_scale,
                                 .sparsity = sparsity,
                                 .scale = scale};
  return std::make_unique<CqtBlock>(parameters, tuning.value(), source);
}

std::unique_ptr<Block> ChromaCqtRecipe::make(const BlockContext& context) const {
  return std::make_unique<ChromaCqtBlock>(chroma.parameters(context.sample_rate()),
                                          chroma.tuning.value(), chroma.source);
}

std::unique_ptr<Block> TonnetzRecipe::make(const BlockContext& context) const {
  return std::make_unique<TonnetzBlock>(chroma.parameters(context.sample_rate()),
                                        chroma.tuning.value(), chroma.source);
}

}  // namespace parlando::audio
