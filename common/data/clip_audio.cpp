#include "common/data/clip_audio.h"

namespace parlando::data {

void describe_header(const audio::AudioHeader& header, Clip& clip) {
  clip.sample_rate = header.sample_rate;
  clip.channels = header.channels;
  clip.samples = header.samples;
}

void describe_audio(const audio::DecodedAudio& audio, Clip& clip) {
  describe_header({audio.sample_rate, audio.channels, audio.samples}, clip);
  clip.peak = audio.peak;
  clip.audio_hash = audio::audio_hash(audio);
}

void copy_audio_facts(const Clip& from, Clip& to) {
  describe_header({from.sample_rate, from.channels, from.samples}, to);
  to.peak = from.peak;
  to.audio_hash = from.audio_hash;
}

}  // namespace parlando::data
