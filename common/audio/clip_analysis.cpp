#include "common/audio/clip_analysis.h"

#include <algorithm>

namespace parlando::audio {

void ClipAnalysis::start(std::span<const float> waveform) {
  waveform_ = waveform;
  for (const auto& spectrum : spectra_) {
    spectrum->power.done = false;
    spectrum->magnitude.done = false;
  }
  for (const auto& mel : mels_) mel->power.done = false;
}

ClipAnalysis::Spectrum& ClipAnalysis::spectrum(std::size_t n_fft, std::size_t hop) {
  const auto found = std::find_if(spectra_.begin(), spectra_.end(), [&](const auto& spectrum) {
    return spectrum->stft.n_fft() == n_fft && spectrum->stft.hop() == hop;
  });
  if (found != spectra_.end()) return **found;
  return *spectra_.emplace_back(std::make_unique<Spectrum>(Spectrum{Stft(n_fft, hop), {}, {}}));
}

const Spectrogram& ClipAnalysis::power(std::size_t n_fft, std::size_t hop) {
  Spectrum& spectrum = this->spectrum(n_fft, hop);
  if (!spectrum.power.done) {
    spectrum.stft.power(waveform_, spectrum.power.values);
    spectrum.power.done = true;
  }
  return spectrum.power.values;
}

const Spectrogram& ClipAnalysis::magnitude(std::size_t n_fft, std::size_t hop) {
  Spectrum& spectrum = this->spectrum(n_fft, hop);
  if (!spectrum.magnitude.done) {
    spectrum.stft.magnitude(waveform_, spectrum.magnitude.values);
    spectrum.magnitude.done = true;
  }
  return spectrum.magnitude.values;
}

const Spectrogram& ClipAnalysis::mel(const MelParameters& parameters, std::size_t hop) {
  auto found = std::find_if(mels_.begin(), mels_.end(), [&](const auto& mel) {
    return mel->parameters == parameters && mel->hop == hop;
  });
  if (found == mels_.end()) {
    mels_.push_back(std::make_unique<Mel>(Mel{parameters, hop, MelFilterbank(parameters), {}}));
    found = std::prev(mels_.end());
  }
  Mel& mel = **found;
  if (!mel.power.done) {
    mel.filterbank.apply(power(parameters.n_fft, hop), mel.power.values);
    mel.power.done = true;
  }
  return mel.power.values;
}

}  // namespace parlando::audio
