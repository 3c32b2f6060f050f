#include "common/audio/clip_analysis.h"

#include <algorithm>

namespace parlando::audio {

void ClipAnalysis::start(std::span<const float> waveform, const std::string& clip_id) {
  waveform_ = waveform;
  clip_id_ = clip_id;
  ++number_;
  for (const auto& spectrum : spectra_) {
    spectrum->power.done = false;
    spectrum->energy.done = false;
    spectrum->magnitude.done = false;
    spectrum->complex.done = false;
  }
  for (const auto& mel : mels_) mel->result.done = false;
  for (const auto& derived : derived_) derived->done = false;
}

ClipAnalysis::Spectrum& ClipAnalysis::spectrum(const StftParameters& parameters) {
  const auto found = std::find_if(spectra_.begin(), spectra_.end(), [&](const auto& spectrum) {
    return spectrum->stft.parameters() == parameters;
  });
  if (found != spectra_.end()) return **found;
  return *spectra_.emplace_back(std::make_unique<Spectrum>(Spectrum{Stft(parameters)}));
}

template <class Values>
const Values& ClipAnalysis::give(Spectrum& spectrum, Result<Values>& result) {
  if (result.done) return result.values;
  result.wanted = true;
  StftOutputs outputs;
  const auto add = [](auto& wanted, auto*& output) {
    if (!wanted.wanted || wanted.done) return;
    output = &wanted.values;
  };
  add(spectrum.power, outputs.power);
  add(spectrum.energy, outputs.energy);
  add(spectrum.magnitude, outputs.magnitude);
  add(spectrum.complex, outputs.complex);
  spectrum.stft.run(waveform_, outputs);
  spectrum.power.done |= outputs.power != nullptr;
  spectrum.energy.done |= outputs.energy != nullptr;
  spectrum.magnitude.done |= outputs.magnitude != nullptr;
  spectrum.complex.done |= outputs.complex != nullptr;
  return result.values;
}

const ComplexSpectrogram& ClipAnalysis::stft(const StftParameters& parameters) {
  Spectrum& spectrum = this->spectrum(parameters);
  return give(spectrum, spectrum.complex);
}

const Spectrogram& ClipAnalysis::power(const StftParameters& parameters) {
  Spectrum& spectrum = this->spectrum(parameters);
  return give(spectrum, spectrum.power);
}

const Spectrogram& ClipAnalysis::energy(const StftParameters& parameters) {
  Spectrum& spectrum = this->spectrum(parameters);
  return give(spectrum, spectrum.energy);
}

const Spectrogram& ClipAnalysis::magnitude(const StftParameters& parameters) {
  Spectrum& spectrum = this->spectrum(parameters);
  return give(spectrum, spectrum.magnitude);
}

const Spectrogram& ClipAnalysis::mel(const MelParameters& parameters, const StftParameters& stft) {
  auto found = std::find_if(mels_.begin(), mels_.end(), [&](const auto& mel) {
    return mel->parameters == parameters && mel->stft == stft;
  });
  if (found == mels_.end()) {
    mels_.push_back(std::make_unique<Mel>(Mel{parameters, stft, MelFilterbank(parameters)}));
    found = std::prev(mels_.end());
  }
  Mel& mel = **found;
  if (!mel.result.done) {
    const Spectrogram& spectrum = parameters.power == 1 ? magnitude(stft) : energy(stft);
    mel.filterbank.apply(spectrum, mel.result.values);
    mel.result.done = true;
  }
  return mel.result.values;
}

ClipAnalysis& ClipAnalysis::derived(const std::string& name, const MakeWaveform& make) {
  auto found = std::find_if(derived_.begin(), derived_.end(),
                            [&](const auto& derived) { return derived->name == name; });
  if (found == derived_.end()) {
    derived_.push_back(
        std::make_unique<Derived>(Derived{name, {}, std::make_unique<ClipAnalysis>()}));
    found = std::prev(derived_.end());
  }
  Derived& derived = **found;
  if (!derived.done) {
    make(*this, derived.waveform);
    derived.analysis->start(derived.waveform, clip_id_);
    derived.done = true;
  }
  return *derived.analysis;
}

}  // namespace parlando::audio
