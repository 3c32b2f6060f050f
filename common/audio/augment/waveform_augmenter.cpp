#include "common/audio/augment/waveform_augmenter.h"

#include <cmath>
#include <string>

#include "common/audio/augment/edit.h"
#include "common/audio/augment/noise.h"
#include "common/core/error.h"

namespace parlando::audio {
namespace {

constexpr int kSemitonesPerOctave = 12;

template <class T>
T parameter(const Json& drawn, const char* key) {
  return json_get<T>(drawn, key, "augmentation " + drawn.dump());
}

double number(const Json& drawn, const char* key) {
  return parameter<double>(drawn, key);
}

}  // namespace

WaveformAugmenter::WaveformAugmenter(std::int64_t sample_rate, SoundCache& sounds)
    : sample_rate_(sample_rate),
      sounds_(sounds),
      resampler_(static_cast<double>(sample_rate)),
      telephone_(sample_rate),
      pitch_shift_(static_cast<double>(sample_rate)) {}

void WaveformAugmenter::add_drawn_noise(const Json& drawn, std::vector<float>& waveform) {
  const auto color = parameter<std::string>(drawn, "color");
  buffer_.resize(waveform.size());
  if (color == "white") {
    fill_white_noise(parameter<std::uint64_t>(drawn, "seed"), buffer_);
  } else if (color == "pink") {
    fill_pink_noise(parameter<std::uint64_t>(drawn, "seed"), buffer_);
  } else {
    const SoundCache::Sound recording = sounds_.get(parameter<std::string>(drawn, "file"));
    fill_from_recording(*recording, number(drawn, "start"), buffer_);
  }
  add_noise(buffer_, number(drawn, "snr_db"), waveform);
}

void WaveformAugmenter::put_into_room(const Json& drawn, std::vector<float>& waveform) {
  if (!drawn.contains("file")) {
    convolver_.apply(generate_response(number(drawn, "rt60"), number(drawn, "direct_db"),
                                       sample_rate_, parameter<std::uint64_t>(drawn, "seed")),
                     waveform);
    return;
  }
  const auto file = parameter<std::string>(drawn, "file");
  const SoundCache::Sound recording = sounds_.get(file);
  const std::span<const float> response = from_direct_sound(*recording);
  if (response.empty()) {
    fail(ErrorKind::usage, "room response for augmentation: {} is silent; remove it", file);
  }
  convolver_.apply(response, waveform);
}

void WaveformAugmenter::apply(const Json& drawn, std::vector<float>& waveform) {
  const auto op = parameter<std::string>(drawn, "op");
  if (op == "waveform_noise") {
    add_drawn_noise(drawn, waveform);
  } else if (op == "gain") {
    apply_gain(number(drawn, "gain_db"), waveform);
  } else if (op == "time_shift") {
    const double samples = number(drawn, "seconds") * static_cast<double>(sample_rate_);
    shift_waveform(std::llround(samples), parameter<bool>(drawn, "roll"), waveform);
  } else if (op == "waveform_mask") {
    mask_waveform(number(drawn, "fraction"), number(drawn, "position"), waveform);
  } else if (op == "pitch_shift") {
    pitch_shift_.shift(waveform, number(drawn, "semitones"), kSemitonesPerOctave, buffer_);
    waveform.swap(buffer_);
  } else if (op == "time_stretch") {
    time_stretch_.stretch(waveform, number(drawn, "factor"), buffer_);
    waveform.swap(buffer_);
  } else if (op == "speed") {
    const double rate = number(drawn, "factor") * static_cast<double>(sample_rate_);
    resampler_.resample(waveform, rate, buffer_);
    waveform.swap(buffer_);
  } else if (op == "rir") {
    put_into_room(drawn, waveform);
  } else if (op == "telephone") {
    telephone_.apply(waveform);
  } else {
    fail(ErrorKind::artefact,
         "augmentation '{}' is not known to this program; the dataset was written by another "
         "version",
         op);
  }
}

}  // namespace parlando::audio
