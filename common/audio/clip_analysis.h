#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "common/audio/mel.h"
#include "common/audio/spectrogram.h"
#include "common/audio/stft.h"

namespace parlando::audio {

/// The intermediates of one clip that feature blocks share: each is computed when it is first asked
/// for and once a clip. Windows, plans and filterbanks live as long as the object, and so do the
/// results until the next start(). Not thread-safe.
class ClipAnalysis {
 public:
  /// Starts on another clip. The waveform must outlive the calls below. `clip_id` is for blocks
  /// that look a clip up elsewhere.
  void start(std::span<const float> waveform, const std::string& clip_id = "");

  std::span<const float> waveform() const { return waveform_; }
  const std::string& clip_id() const { return clip_id_; }
  /// Counts the clips: another number, another clip.
  std::uint64_t number() const { return number_; }

  /// All are [frames, n_fft / 2 + 1]. From the second clip on, one pass gives all those that
  /// were ever asked for.
  const ComplexSpectrogram& stft(const StftParameters& parameters);
  const Spectrogram& power(const StftParameters& parameters);
  /// The same as power() up to its last bits, for where these decide nothing: it costs less.
  const Spectrogram& energy(const StftParameters& parameters);
  const Spectrogram& magnitude(const StftParameters& parameters);

  /// Mel spectrogram [frames, n_mels] of the power (or magnitude) spectrogram.
  const Spectrogram& mel(const MelParameters& mel, const StftParameters& stft);

  /// The analysis of another waveform made from this one, for instance its harmonic part. `make`
  /// writes that waveform; it runs once a clip and `name`.
  using MakeWaveform = std::function<void(ClipAnalysis& clip, std::vector<float>& out)>;
  ClipAnalysis& derived(const std::string& name, const MakeWaveform& make);

 private:
  template <class Values>
  struct Result {
    Values values;
    bool wanted = false;  ///< by a block, of this clip or an earlier one
    bool done = false;
  };
  struct Spectrum {
    Stft stft;
    Result<Spectrogram> power{};
    Result<Spectrogram> energy{};
    Result<Spectrogram> magnitude{};
    Result<ComplexSpectrogram> complex{};
  };
  struct Mel {
    MelParameters parameters;
    StftParameters stft;
    MelFilterbank filterbank;
    Result<Spectrogram> result{};
  };
  struct Derived {
    std::string name;
    std::vector<float> waveform;
    std::unique_ptr<ClipAnalysis> analysis;
    bool done = false;
  };
  Spectrum& spectrum(const StftParameters& parameters);
  template <class Values>
  const Values& give(Spectrum& spectrum, Result<Values>& result);

  std::span<const float> waveform_;
  std::string clip_id_;
  std::uint64_t number_ = 0;
  std::vector<std::unique_ptr<Spectrum>> spectra_;
  std::vector<std::unique_ptr<Mel>> mels_;
  std::vector<std::unique_ptr<Derived>> derived_;
};

}  // namespace parlando::audio
