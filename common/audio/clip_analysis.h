#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "common/audio/mel.h"
#include "common/audio/spectrogram.h"
#include "common/audio/stft.h"

namespace parlando::audio {

/// The intermediates of one clip that feature blocks share: each is computed when it is first asked
/// for and once a clip. Windows, plans and filterbanks live as long as the object. Not thread-safe.
class ClipAnalysis {
 public:
  /// Starts on another clip. The waveform must outlive the calls below.
  void start(std::span<const float> waveform);

  std::span<const float> waveform() const { return waveform_; }

  /// Power spectrogram [frames, n_fft / 2 + 1].
  const Spectrogram& power(std::size_t n_fft, std::size_t hop);
  /// Magnitude spectrogram [frames, n_fft / 2 + 1].
  const Spectrogram& magnitude(std::size_t n_fft, std::size_t hop);
  /// Mel power spectrogram [frames, n_mels].
  const Spectrogram& mel(const MelParameters& parameters, std::size_t hop);

 private:
  struct Result {
    Spectrogram values;
    bool done = false;
  };
  struct Spectrum {
    Stft stft;
    Result power;
    Result magnitude;
  };
  struct Mel {
    MelParameters parameters;
    std::size_t hop;
    MelFilterbank filterbank;
    Result power;
  };
  Spectrum& spectrum(std::size_t n_fft, std::size_t hop);

  std::span<const float> waveform_;
  std::vector<std::unique_ptr<Spectrum>> spectra_;
  std::vector<std::unique_ptr<Mel>> mels_;
};

}  // namespace parlando::audio
