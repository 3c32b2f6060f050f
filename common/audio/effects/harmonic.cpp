#include "common/audio/effects/harmonic.h"

#include "common/audio/effects/kernels.h"

namespace parlando::audio {

Hpss::Hpss(const HpssParameters& parameters)
    : parameters_(parameters),
      over_frames_(parameters.harmonic_kernel),
      over_bins_(parameters.percussive_kernel),
      inverse_(parameters.n_fft, parameters.hop) {}

void Hpss::harmonic(const ComplexSpectrogram& stft, const Spectrogram& magnitude,
                    std::size_t length, std::vector<float>& out) {
  filter(magnitude);
  mask(stft, magnitude, steady_, sudden_, parameters_.harmonic_margin);
  inverse_.invert(masked_, length, out);
}

void Hpss::percussive(const ComplexSpectrogram& stft, const Spectrogram& magnitude,
                      std::size_t length, std::vector<float>& out) {
  filter(magnitude);
  mask(stft, magnitude, sudden_, steady_, parameters_.percussive_margin);
  inverse_.invert(masked_, length, out);
}

void Hpss::filter(const Spectrogram& magnitude) {
  const std::size_t frames = magnitude.frames;
  const std::size_t bins = magnitude.rows;
  steady_.reshape(frames, bins, magnitude.stride);
  sudden_.reshape(frames, bins, magnitude.stride);
  over_frames_.filter({magnitude.values.data(), frames, bins, magnitude.stride},
                      steady_.values.data());
  const std::size_t lanes = SlidingMedian::kLanes;
  const std::size_t stride = (frames + lanes - 1) / lanes * lanes;
  bins_first_.resize(bins * stride);
  medians_.resize(bins * stride);
  kernels::transpose({magnitude.values.data(), magnitude.stride}, frames, bins,
                     {bins_first_.data(), stride});
  over_bins_.filter({bins_first_.data(), bins, frames, stride}, medians_.data());
  kernels::transpose({medians_.data(), stride}, bins, frames,
                     {sudden_.values.data(), sudden_.stride});
}

void Hpss::mask(const ComplexSpectrogram& stft, const Spectrogram& magnitude,
                const Spectrogram& part, const Spectrogram& other, double margin) {
  const bool split_zeros = parameters_.harmonic_margin == 1 && parameters_.percussive_margin == 1;
  const kernels::SoftMask soft_mask{static_cast<float>(parameters_.power),
                                    static_cast<float>(margin), split_zeros ? 0.5F : 0.0F};
  masked_.reshape(stft.frames, stft.rows);
  for (std::size_t t = 0; t < stft.frames; ++t) {
    kernels::apply_soft_mask(soft_mask, part.frame(t), other.frame(t), magnitude.frame(t),
                             stft.frame(t), masked_.frame(t));
  }
}

}  // namespace parlando::audio
