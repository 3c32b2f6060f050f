#include "common/audio/augment/sound_cache.h"

#include <algorithm>

#include "common/audio/decode.h"
#include "common/audio/mono.h"
#include "common/audio/resampler.h"
#include "common/core/error.h"

namespace parlando::audio {
namespace {

constexpr std::size_t kCachedSamples = (std::size_t{64} << 20) / sizeof(float);
constexpr double kLongest = 60;  // s

}  // namespace

SoundCache::Sound SoundCache::get(const std::string& file) {
  if (Sound sound = find(file)) return sound;
  Sound sound = load(file);
  const std::lock_guard lock(mutex_);
  samples_ += sound->size();
  sounds_.emplace_front(file, sound);
  while (samples_ > kCachedSamples && sounds_.size() > 1) {
    samples_ -= sounds_.back().second->size();
    sounds_.pop_back();
  }
  return sound;
}

SoundCache::Sound SoundCache::find(const std::string& file) {
  const std::lock_guard lock(mutex_);
  const auto found =
      std::ranges::find_if(sounds_, [&](const auto& entry) { return entry.first == file; });
  if (found == sounds_.end()) return nullptr;
  sounds_.splice(sounds_.begin(), sounds_, found);
  return found->second;
}

SoundCache::Sound SoundCache::load(const std::string& file) const {
  try {
    const DecodedAudio audio = decode_audio(file, kLongest);
    std::vector<float> mono;
    mix_to_mono(audio, mono);
    auto waveform = std::make_shared<std::vector<float>>();
    Resampler(static_cast<double>(sample_rate_))
        .resample(mono, static_cast<double>(audio.sample_rate), *waveform);
    return waveform;
  } catch (const Error& error) {
    // Not the fault of the clip that it is mixed into, so not a defect of that clip.
    fail(ErrorKind::usage, "sound for augmentation: {}; mend or remove it", error.what());
  }
}

}  // namespace parlando::audio
