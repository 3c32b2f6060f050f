#include "common/audio/blocks/energy.h"

#include <cmath>
#include <cstdint>
#include <vector>

#include "common/audio/frame_energy.h"

namespace parlando::audio {
namespace {

class RmsBlock : public Block {
 public:
  RmsBlock(const FrameGrid& grid, PadMode mode) : grid_(grid), energy_(grid, mode) {}

  std::size_t rows() const override { return 1; }
  std::optional<FrameGrid> grid() const override { return grid_; }

 protected:
  const Spectrogram& compute(ClipAnalysis& clip) override {
    const std::span<const double> means = energy_.mean_squares(clip.waveform());
    rms_.reshape(means.size(), 1);
    for (std::size_t t = 0; t < means.size(); ++t) {
      rms_.values[t] = static_cast<float>(std::sqrt(means[t]));
    }
    return rms_;
  }

 private:
  FrameGrid grid_;
  FrameEnergy energy_;
  Spectrogram rms_;
};

/// Counts changes of sign over the whole signal once; the first sample of a frame is none.
class ZeroCrossingRateBlock : public Block {
 public:
  ZeroCrossingRateBlock(const FrameGrid& grid, float threshold, bool zero_pos)
      : framer_(grid, PadMode::edge), threshold_(threshold), zero_pos_(zero_pos) {}

  std::size_t rows() const override { return 1; }
  std::optional<FrameGrid> grid() const override { return framer_.grid(); }

 protected:
  const Spectrogram& compute(ClipAnalysis& clip) override {
    const FrameGrid& grid = framer_.grid();
    const std::size_t frames = framer_.start(clip.waveform());
    count((frames - 1) * grid.hop_length + grid.frame_length);
    rate_.reshape(frames, 1);
    for (std::size_t t = 0; t < frames; ++t) {
      const std::size_t first = t * grid.hop_length;
      const std::uint32_t changes = before_[first + grid.frame_length - 1] - before_[first];
      rate_.values[t] =
          static_cast<float>(static_cast<double>(changes) / static_cast<double>(grid.frame_length));
    }
    return rate_;
  }

 private:
  /// before_[i]: changes of sign up to sample i.
  void count(std::size_t samples) {
    const float* signal = framer_.frame(0).data();
    before_.resize(samples);
    before_[0] = 0;
    int last = sign(signal[0]);
    for (std::size_t i = 1; i < samples; ++i) {
      const int current = sign(signal[i]);
      before_[i] = before_[i - 1] + static_cast<std::uint32_t>(current != last);
      last = current;
    }
  }

  int sign(float sample) const {
    if (sample < -threshold_) return -1;
    return zero_pos_ || sample > threshold_ ? 1 : 0;
  }

  Framer framer_;
  float threshold_;
  bool zero_pos_;
  std::vector<std::uint32_t> before_;
  Spectrogram rate_;
};

}  // namespace

std::unique_ptr<Block> RmsRecipe::make(const BlockContext&) const {
  return std::make_unique<RmsBlock>(frame.grid(), pad_mode_named(pad_mode));
}

std::unique_ptr<Block> ZeroCrossingRateRecipe::make(const BlockContext&) const {
  return std::make_unique<ZeroCrossingRateBlock>(frame.grid(), static_cast<float>(threshold),
                                                 zero_pos);
}

}  // namespace parlando::audio
