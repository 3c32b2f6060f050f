#pragma once

#include <cstdint>
#include <vector>

#include "common/audio/augment/room.h"
#include "common/audio/augment/sound_cache.h"
#include "common/audio/augment/telephone.h"
#include "common/audio/effects/pitch_shift.h"
#include "common/audio/effects/time_stretch.h"
#include "common/audio/resampler.h"
#include "common/io/json.h"

namespace parlando::audio {

/// Applies operations on mono waveforms of one rate as they were drawn (draw.h): the result is a
/// function of the drawn parameters, the waveform and the files that they name. Not thread-safe;
/// several may share one cache.
class WaveformAugmenter {
 public:
  WaveformAugmenter(std::int64_t sample_rate, SoundCache& sounds);

  /// Throws Error(artefact) for parameters that are missing or unknown, Error(usage) for a sound
  /// that can't be used.
  void apply(const Json& drawn, std::vector<float>& waveform);

 private:
  void add_drawn_noise(const Json& drawn, std::vector<float>& waveform);
  void put_into_room(const Json& drawn, std::vector<float>& waveform);

  std::int64_t sample_rate_;
  SoundCache& sounds_;
  Resampler resampler_;
  RoomConvolver convolver_;
  Telephone telephone_;
  TimeStretch time_stretch_;
  PitchShift pitch_shift_;
  std::vector<float> buffer_;
};

}  // namespace parlando::audio
