#include "common/audio/blocks/f0.h"

#include "common/audio/kernels.h"
#include "common/audio/pitch/pyin.h"
#include "common/audio/pitch/yin.h"
#include "common/core/error.h"

namespace parlando::audio {
namespace {

FrameGrid grid_of(const YinParameters& parameters) {
  return {.frame_length = parameters.frame_length, .hop_length = parameters.hop};
}

class YinBlock : public Block {
 public:
  YinBlock(const YinParameters& parameters, double trough_threshold, const SourceKey& source)
      : grid_(grid_of(parameters)), source_(source), yin_(parameters, trough_threshold) {}

  std::size_t rows() const override { return 1; }
  std::optional<FrameGrid> grid() const override { return grid_; }
  std::vector<std::string> row_suffixes() const override { return {"f0"}; }

 protected:
  const Spectrogram& compute(ClipAnalysis& clip) override {
    yin_.compute(source_.of(clip).waveform(), f0_);
    features_.reshape(f0_.size(), 1, kernels::padded_width(1));
    for (std::size_t t = 0; t < f0_.size(); ++t) features_.frame(t)[0] = f0_[t];
    return features_;
  }

 private:
  FrameGrid grid_;
  WaveformSource source_;
  Yin yin_;
  std::vector<float> f0_;
  Spectrogram features_;
};

class PyinBlock : public Block {
 public:
  PyinBlock(const PyinRecipe& recipe, const PyinParameters& parameters)
      : recipe_(recipe), grid_(grid_of(parameters.yin)), source_(recipe.source), pyin_(parameters) {
    if (recipe.f0) suffixes_.emplace_back("f0");
    if (recipe.voiced_flag) suffixes_.emplace_back("voiced_flag");
    if (recipe.voiced_prob) suffixes_.emplace_back("voiced_prob");
    if (suffixes_.empty()) {
      fail(ErrorKind::usage, "no row is left: set f0, voiced_flag or voiced_prob to true");
    }
  }

  std::size_t rows() const override { return suffixes_.size(); }
  std::optional<FrameGrid> grid() const override { return grid_; }
  std::vector<std::string> row_suffixes() const override { return suffixes_; }

 protected:
  const Spectrogram& compute(ClipAnalysis& clip) override {
    pyin_.compute(source_.of(clip).waveform(), track_);
    features_.reshape(track_.f0.size(), rows(), kernels::padded_width(rows()));
    const auto unvoiced = static_cast<float>(recipe_.fill_na);
    for (std::size_t t = 0; t < features_.frames; ++t) {
      float* row = features_.frame(t).data();
      if (recipe_.f0) *row++ = track_.voiced[t] ? track_.f0[t] : unvoiced;
      if (recipe_.voiced_flag) *row++ = track_.voiced[t] ? 1.0F : 0.0F;
      if (recipe_.voiced_prob) *row++ = track_.voiced_probability[t];
    }
    return features_;
  }

 private:
  PyinRecipe recipe_;
  FrameGrid grid_;
  WaveformSource source_;
  Pyin pyin_;
  std::vector<std::string> suffixes_;
  PitchTrack track_;
  Spectrogram features_;
};

}  // namespace

YinParameters PeriodKeys::parameters(std::int64_t sample_rate) const {
  return {.sample_rate = static_cast<double>(sample_rate),
          .fmin = fmin,
          .fmax = fmax,
          .frame_length = static_cast<std::size_t>(frame_length),
          .hop = static_cast<std::size_t>(hop_length)};
}

std::unique_ptr<Block> YinRecipe::make(const BlockContext& context) const {
  return std::make_unique<YinBlock>(period.parameters(context.sample_rate()), trough_threshold,
                                    source);
}

std::unique_ptr<Block> PyinRecipe::make(const BlockContext& context) const {
  const PyinParameters parameters{.yin = period.parameters(context.sample_rate()),
                                  .n_thresholds = static_cast<std::size_t>(n_thresholds),
                                  .beta_a = beta_a,
                                  .beta_b = beta_b,
                                  .boltzmann_parameter = boltzmann_parameter,
                                  .resolution = resolution,
                                  .max_transition_rate = max_transition_rate,
                                  .switch_prob = switch_prob,
                                  .no_trough_prob = no_trough_prob};
  return std::make_unique<PyinBlock>(*this, parameters);
}

}  // namespace parlando::audio
