#include "common/audio/mel.h"

#include <algorithm>
#include <cmath>

#include "common/audio/kernels.h"
#include "common/audio/stft.h"

namespace parlando::audio {
namespace {

constexpr double kSlaneyHzPerMel = 200.0 / 3;
constexpr double kSlaneyLogHz = 1000;
constexpr double kSlaneyLogMel = kSlaneyLogHz / kSlaneyHzPerMel;
const double kSlaneyLogStep = std::log(6.4) / 27;

/// Corners of the triangles: n_mels + 2 frequencies evenly spaced in mel.
std::vector<double> corner_frequencies(const MelParameters& parameters) {
  const double fmax =
      parameters.fmax > 0 ? parameters.fmax : static_cast<double>(parameters.sample_rate) / 2;
  const double low = hz_to_mel(parameters.fmin, parameters.scale);
  const double high = hz_to_mel(fmax, parameters.scale);
  const std::size_t n = parameters.n_mels + 2;
  const double step = (high - low) / static_cast<double>(n - 1);
  std::vector<double> corners(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double mel = i + 1 == n ? high : static_cast<double>(i) * step + low;
    corners[i] = mel_to_hz(mel, parameters.scale);
  }
  return corners;
}

}  // namespace

double hz_to_mel(double hz, MelScale scale) {
  if (scale == MelScale::htk) return 2595 * std::log10(1 + hz / 700);
  if (hz < kSlaneyLogHz) return hz / kSlaneyHzPerMel;
  return kSlaneyLogMel + std::log(hz / kSlaneyLogHz) / kSlaneyLogStep;
}

double mel_to_hz(double mel, MelScale scale) {
  if (scale == MelScale::htk) return 700 * (std::pow(10.0, mel / 2595) - 1);
  if (mel < kSlaneyLogMel) return kSlaneyHzPerMel * mel;
  return kSlaneyLogHz * std::exp(kSlaneyLogStep * (mel - kSlaneyLogMel));
}

MelFilterbank::MelFilterbank(const MelParameters& parameters)
    : bins_(parameters.n_fft / 2 + 1), bands_(parameters.n_mels) {
  const std::vector<double> corner = corner_frequencies(parameters);
  const std::vector<double> frequencies = bin_frequencies(parameters.sample_rate, parameters.n_fft);
  for (std::size_t i = 0; i < bands_.size(); ++i) {
    kernels::Band& band = bands_[i];
    band.offset = weights_.size();
    const double scale =
        parameters.norm == MelNorm::slaney ? 2.0 / (corner[i + 2] - corner[i]) : 1.0;
    for (std::size_t k = 0; k < bins_; ++k) {
      const double hz = frequencies[k];
      const double rising = (hz - corner[i]) / (corner[i + 1] - corner[i]);
      const double falling = (corner[i + 2] - hz) / (corner[i + 2] - corner[i + 1]);
      const auto triangle = static_cast<float>(std::max(0.0, std::min(rising, falling)));
      if (triangle <= 0) continue;
      if (band.count == 0) band.first = k;
      // Rounded before and after the normalisation, as librosa's float32 array is.
      weights_.push_back(static_cast<float>(static_cast<double>(triangle) * scale));
      ++band.count;
    }
    band.padded = (band.count + kernels::kLanes - 1) / kernels::kLanes * kernels::kLanes;
    weights_.resize(band.offset + band.padded, 0.0F);
  }
}

std::vector<float> MelFilterbank::dense() const {
  std::vector<float> all(bands() * bins_, 0.0F);
  for (std::size_t i = 0; i < bands(); ++i) {
    const kernels::Band& band = bands_[i];
    std::copy_n(weights_.begin() + static_cast<std::ptrdiff_t>(band.offset), band.count,
                all.begin() + static_cast<std::ptrdiff_t>(i * bins_ + band.first));
  }
  return all;
}

void MelFilterbank::apply(const Spectrogram& spectrum, Spectrogram& mel) const {
  mel.reshape(spectrum.frames, bands(), bands());
  for (std::size_t t = 0; t < spectrum.frames; ++t) {
    const float* bins = spectrum.values.data() + t * spectrum.stride;
    kernels::apply_bands(bands_, weights_.data(), bins, mel.frame(t));
  }
}

}  // namespace parlando::audio
