#include "common/audio/blocks/chroma.h"

#include "common/audio/pitch/chroma.h"

namespace parlando::audio {
namespace {

class ChromaStftBlock : public Block {
 public:
  ChromaStftBlock(const ChromaParameters& chroma, Norm norm, const StftParameters& stft,
                  std::optional<double> tuning, const SourceKey& source)
      : rows_(chroma.n_chroma),
        stft_(stft),
        tuning_(tuning),
        source_(source),
        chroma_(chroma, norm) {}

  std::size_t rows() const override { return rows_; }
  std::optional<FrameGrid> grid() const override { return stft_.grid(); }

 protected:
  const Spectrogram& compute(ClipAnalysis& clip) override {
    chroma_.apply(source_.of(clip).power(stft_), tuning_, features_);
    return features_;
  }

 private:
  std::size_t rows_;
  StftParameters stft_;
  std::optional<double> tuning_;
  WaveformSource source_;
  ChromaStft chroma_;
  Spectrogram features_;
};

}  // namespace

std::unique_ptr<Block> ChromaStftRecipe::make(const BlockContext& context) const {
  const ChromaParameters chroma{.sample_rate = static_cast<double>(context.sample_rate()),
                                .n_fft = static_cast<std::size_t>(stft.n_fft),
                                .n_chroma = static_cast<std::size_t>(n_chroma),
                                .ctroct = ctroct,
                                .octwidth = octwidth,
                                .base_c = base_c};
  return std::make_unique<ChromaStftBlock>(chroma, norm.value(), stft.parameters(), tuning.value(),
                                           source);
}

}  // namespace parlando::audio
