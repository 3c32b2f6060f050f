#include "common/audio/blocks/spectral.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "common/audio/stft.h"

namespace parlando::audio {
namespace {

/// A block of one value a frame of the magnitude spectrogram.
class FrameBlock : public Block {
 public:
  explicit FrameBlock(const StftParameters& stft) : stft_(stft) {}

  std::size_t rows() const override { return 1; }
  std::optional<FrameGrid> grid() const override { return stft_.grid(); }

 protected:
  virtual double of_frame(std::span<const float> magnitude) = 0;

  const Spectrogram& compute(ClipAnalysis& clip) override {
    const Spectrogram& magnitude = clip.magnitude(stft_);
    values_.reshape(magnitude.frames, 1);
    for (std::size_t t = 0; t < magnitude.frames; ++t) {
      values_.values[t] = static_cast<float>(of_frame(magnitude.frame(t)));
    }
    return values_;
  }

 private:
  StftParameters stft_;
  Spectrogram values_;
};

/// The magnitudes of a frame divided by their sum, rounded to float32 as librosa's are; those of
/// silence stay.
class Normalizer {
 public:
  std::span<const float> operator()(std::span<const float> magnitude) {
    double sum = 0;
    for (const float value : magnitude) sum += static_cast<double>(value);
    if (sum < static_cast<double>(std::numeric_limits<float>::min())) sum = 1;
    normalized_.resize(magnitude.size());
    std::transform(magnitude.begin(), magnitude.end(), normalized_.begin(), [sum](float value) {
      return static_cast<float>(static_cast<double>(value) / sum);
    });
    return normalized_;
  }

 private:
  std::vector<float> normalized_;
};

double centroid_of(std::span<const float> normalized, const std::vector<double>& frequencies) {
  double sum = 0;
  for (std::size_t k = 0; k < normalized.size(); ++k) {
    sum += frequencies[k] * static_cast<double>(normalized[k]);
  }
  return sum;
}

class CentroidBlock : public FrameBlock {
 public:
  CentroidBlock(const StftParameters& stft, std::int64_t sample_rate)
      : FrameBlock(stft), frequencies_(bin_frequencies(sample_rate, stft.n_fft)) {}

 protected:
  double of_frame(std::span<const float> magnitude) override {
    return centroid_of(normalizer_(magnitude), frequencies_);
  }

 private:
  std::vector<double> frequencies_;
  Normalizer normalizer_;
};

class BandwidthBlock : public FrameBlock {
 public:
  BandwidthBlock(const StftParameters& stft, std::int64_t sample_rate, double p, bool norm)
      : FrameBlock(stft),
        frequencies_(bin_frequencies(sample_rate, stft.n_fft)),
        p_(p),
        norm_(norm) {}

 protected:
  double of_frame(std::span<const float> magnitude) override {
    const std::span<const float> normalized = normalizer_(magnitude);
    const double centroid = centroid_of(normalized, frequencies_);
    const std::span<const float> weights = norm_ ? normalized : magnitude;
    double sum = 0;
    for (std::size_t k = 0; k < weights.size(); ++k) {
      const double deviation = std::abs(frequencies_[k] - centroid);
      const double power = p_ == 2 ? deviation * deviation : std::pow(deviation, p_);
      sum += static_cast<double>(weights[k]) * power;
    }
    return p_ == 2 ? std::sqrt(sum) : std::pow(sum, 1 / p_);
  }

 private:
  std::vector<double> frequencies_;
  double p_;
  bool norm_;
  Normalizer normalizer_;
};

class RolloffBlock : public FrameBlock {
 public:
  RolloffBlock(const StftParameters& stft, std::int64_t sample_rate, double share)
      : FrameBlock(stft),
        frequencies_(bin_frequencies(sample_rate, stft.n_fft)),
        share_(static_cast<float>(share)) {}

 protected:
  /// Sums in float32 one after the other, as numpy.cumsum does: the bin depends on it.
  double of_frame(std::span<const float> magnitude) override {
    sums_.resize(magnitude.size());
    float sum = 0;
    for (std::size_t k = 0; k < magnitude.size(); ++k) sums_[k] = sum += magnitude[k];
    const auto found = std::lower_bound(sums_.begin(), sums_.end(), share_ * sum);
    return frequencies_[static_cast<std::size_t>(found - sums_.begin())];
  }

 private:
  std::vector<double> frequencies_;
  float share_;
  std::vector<float> sums_;
};

class FlatnessBlock : public FrameBlock {
 public:
  FlatnessBlock(const StftParameters& stft, double amin, double power)
      : FrameBlock(stft), amin_(static_cast<float>(amin)), power_(static_cast<float>(power)) {}

 protected:
  double of_frame(std::span<const float> magnitude) override {
    double logarithms = 0;
    double sum = 0;
    for (const float value : magnitude) {
      const float power = power_ == 2 ? value * value : std::pow(value, power_);
      const float limited = std::max(amin_, power);
      logarithms += static_cast<double>(std::log(limited));
      sum += static_cast<double>(limited);
    }
    const auto n = static_cast<double>(magnitude.size());
    return std::exp(logarithms / n) / (sum / n);
  }

 private:
  float amin_;
  float power_;
};

}  // namespace

std::unique_ptr<Block> SpectralCentroidRecipe::make(const BlockContext& context) const {
  return std::make_unique<CentroidBlock>(stft.parameters(), context.sample_rate());
}

std::unique_ptr<Block> SpectralBandwidthRecipe::make(const BlockContext& context) const {
  return std::make_unique<BandwidthBlock>(stft.parameters(), context.sample_rate(), p, norm);
}

std::unique_ptr<Block> SpectralRolloffRecipe::make(const BlockContext& context) const {
  return std::make_unique<RolloffBlock>(stft.parameters(), context.sample_rate(), roll_percent);
}

std::unique_ptr<Block> SpectralFlatnessRecipe::make(const BlockContext&) const {
  return std::make_unique<FlatnessBlock>(stft.parameters(), amin, power);
}

}  // namespace parlando::audio
