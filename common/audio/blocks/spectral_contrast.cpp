#include <algorithm>
#include <cmath>
#include <vector>

#include "common/audio/blocks/spectral.h"
#include "common/audio/effects/kernels.h"
#include "common/audio/extreme_kernels.h"
#include "common/core/error.h"

namespace parlando::audio {
namespace {

/// Bins first .. first + count - 1 of the spectrum and how many of them are peak (and valley).
struct Band {
  std::size_t first = 0;
  std::size_t count = 0;
  std::size_t extremes = 0;
};

/// The bands of librosa.feature.spectral_contrast: 0 to fmin, then octaves. Each but the lowest
/// takes one bin below its edge, each but the last leaves its last bin out, and the last reaches
/// half the sample rate.
std::vector<Band> octave_bands(const SpectralContrastRecipe& recipe,
                               const std::vector<double>& frequencies) {
  std::vector<Band> bands;
  for (int k = 0; k <= recipe.n_bands; ++k) {
    const double low = k == 0 ? 0 : recipe.fmin * std::exp2(k - 1);
    const double high = recipe.fmin * std::exp2(k);
    if (low >= frequencies.back()) {
      fail(ErrorKind::usage,
           "n_bands: band {} starts at {} Hz, beyond half the sample rate; fewer bands or a lower "
           "fmin are needed",
           k, low);
    }
    const auto begin = std::lower_bound(frequencies.begin(), frequencies.end(), low);
    const auto end = std::upper_bound(frequencies.begin(), frequencies.end(), high);
    auto first = static_cast<std::size_t>(begin - frequencies.begin());
    auto last = static_cast<std::size_t>(end - frequencies.begin());
    const bool holds_bins = last > first;
    if (k > 0) --first;
    if (k == recipe.n_bands) last = frequencies.size();
    const std::size_t whole = last - first;
    const std::size_t count = k < recipe.n_bands ? whole - 1 : whole;
    if (!holds_bins || count == 0) {
      fail(ErrorKind::usage,
           "band {}, {} to {} Hz, is narrower than the transform's bins; a larger n_fft or fmin is "
           "needed",
           k, low, high);
    }
    const double share = std::nearbyint(recipe.quantile * static_cast<double>(whole));
    const auto extremes = static_cast<std::size_t>(std::max(share, 1.0));
    bands.push_back({first, count, std::min(extremes, count)});
  }
  return bands;
}

/// Mean of the n values that come first in `before`'s order, summed from the smallest up.
template <class Before>
float mean_of_first(std::span<const float> values, std::vector<float>& buffer, std::size_t n,
                    Before before) {
  buffer.assign(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(n));
  std::make_heap(buffer.begin(), buffer.end(), before);
  // Few values pass the first comparison: one pass over the band.
  for (const float value : values.subspan(n)) {
    if (!before(value, buffer.front())) continue;
    std::pop_heap(buffer.begin(), buffer.end(), before);
    buffer.back() = value;
    std::push_heap(buffer.begin(), buffer.end(), before);
  }
  std::sort(buffer.begin(), buffer.end());
  float sum = 0;
  for (const float value : buffer) sum += value;
  return sum / static_cast<float>(n);
}

/// librosa.power_to_db of float64 values with its defaults.
void to_decibels(std::vector<double>& values) {
  constexpr double kAmin = 1e-10;
  constexpr double kTopDb = 80;
  for (double& value : values) value = 10 * std::log10(std::max(kAmin, value));
  const double floor = *std::max_element(values.begin(), values.end()) - kTopDb;
  for (double& value : values) value = std::max(value, floor);
}

class SpectralContrastBlock : public Block {
 public:
  SpectralContrastBlock(const StftParameters& stft, std::vector<Band> bands, bool linear)
      : stft_(stft), bands_(std::move(bands)), linear_(linear) {}

  std::size_t rows() const override { return bands_.size(); }
  std::optional<FrameGrid> grid() const override { return stft_.grid(); }

 protected:
  const Spectrogram& compute(ClipAnalysis& clip) override {
    const Spectrogram& magnitude = clip.magnitude(stft_);
    peaks_.resize(magnitude.frames * bands_.size());
    valleys_.resize(peaks_.size());
    for (std::size_t t = 0; t < magnitude.frames; t += kernels::kExtremeColumns) {
      const std::size_t frames = std::min(kernels::kExtremeColumns, magnitude.frames - t);
      for (std::size_t band = 0; band < bands_.size(); ++band) find(magnitude, t, frames, band);
    }
    if (!linear_) {
      to_decibels(peaks_);
      to_decibels(valleys_);
    }
    contrast_.reshape(magnitude.frames, bands_.size());
    for (std::size_t i = 0; i < peaks_.size(); ++i) {
      contrast_.values[i] = static_cast<float>(peaks_[i] - valleys_[i]);
    }
    return contrast_;
  }

 private:
  /// Peaks and valleys of one band in the frames first .. first + frames - 1.
  void find(const Spectrogram& magnitude, std::size_t first, std::size_t frames, std::size_t band) {
    const auto& [bin, count, extremes] = bands_[band];
    float valleys[kernels::kExtremeColumns];
    float peaks[kernels::kExtremeColumns];
    if (extremes <= kernels::kMostExtremes) {
      tile_.resize(std::max(tile_.size(), count * kernels::kExtremeColumns));
      const float* corner = magnitude.frame(first).data() + bin;
      kernels::transpose({corner, magnitude.stride}, frames, count,
                         {tile_.data(), kernels::kExtremeColumns});
      kernels::means_of_extremes(tile_.data(), count, extremes, valleys, peaks);
    } else {
      for (std::size_t i = 0; i < frames; ++i) {
        const auto bins = magnitude.frame(first + i).subspan(bin, count);
        valleys[i] = mean_of_first(bins, buffer_, extremes, std::less<>());
        peaks[i] = mean_of_first(bins, buffer_, extremes, std::greater<>());
      }
    }
    for (std::size_t i = 0; i < frames; ++i) {
      valleys_[(first + i) * bands_.size() + band] = static_cast<double>(valleys[i]);
      peaks_[(first + i) * bands_.size() + band] = static_cast<double>(peaks[i]);
    }
  }

  StftParameters stft_;
  std::vector<Band> bands_;
  bool linear_;
  std::vector<double> peaks_;
  std::vector<double> valleys_;
  std::vector<float> tile_;  ///< [bins of a band, frames]
  std::vector<float> buffer_;
  Spectrogram contrast_;
};

}  // namespace

std::unique_ptr<Block> SpectralContrastRecipe::make(const BlockContext& context) const {
  const StftParameters parameters = stft.parameters();
  auto bands = octave_bands(*this, bin_frequencies(context.sample_rate(), parameters.n_fft));
  return std::make_unique<SpectralContrastBlock>(parameters, std::move(bands), linear);
}

}  // namespace parlando::audio
