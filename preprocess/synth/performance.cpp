#include "preprocess/synth/performance.h"

#include <cmath>
#include <numbers>
#include <numeric>

#include "common/core/random.h"

namespace parlando::preprocess {
namespace {

/// Directions of pitch, level, brightness and tempo, in the order of RAVDESS's emotions.
struct Cues {
  int pitch;
  int level;
  int brightness;
  int tempo;
};
constexpr std::array<Cues, 8> kCues{{{-1, 1, -1, 1},
                                     {1, -1, 1, -1},
                                     {1, 1, 1, 1},
                                     {-1, -1, -1, -1},
                                     {-1, -1, 1, 1},
                                     {1, 1, -1, -1},
                                     {-1, 1, 1, -1},
                                     {1, -1, -1, 1}}};

/// How far a cue goes from its mean at normal intensity.
constexpr double kPitchExcursion = 5.0;   // semitones
constexpr double kLevelExcursion = 9.0;   // dB
constexpr double kTiltExcursion = 4.0;    // dB per octave
constexpr double kTempoExcursion = 0.65;  // log of the longest syllable over the mean
constexpr double kStrong = 1.3;

/// First three formants of five vowels, Hz (Peterson and Barney 1952, men).
constexpr std::array<std::array<double, 3>, 5> kVowels{
    {{730, 1090, 2440}, {530, 1840, 2480}, {270, 2290, 3010}, {570, 840, 2410}, {300, 870, 2240}}};
constexpr std::size_t kSyllables = 7;
using Statement = std::array<std::size_t, kSyllables>;
constexpr std::array<Statement, 2> kStatements{{{0, 1, 2, 3, 2, 1, 0}, {3, 4, 0, 2, 0, 4, 3}}};

/// What a speaker brings to all of his or her clips.
struct Voice {
  double pitch_hz;
  double formant_scale;
  double tilt;
  double breath;
  double tempo;
  double background;
};

Voice draw_voice(std::uint64_t seed, int actor) {
  RandomStream random(seed, "synth voice", static_cast<std::uint64_t>(actor));
  const bool female = actor % 2 == 0;
  Voice voice{};
  voice.pitch_hz = female ? random.uniform(165, 230) : random.uniform(95, 140);
  voice.formant_scale = (female ? 1.15 : 1.0) * random.uniform(0.92, 1.08);
  voice.tilt = random.uniform(3, 7);
  voice.breath = random.uniform(0.01, 0.05);
  voice.tempo = random.uniform(0.93, 1.07);
  voice.background = random.uniform(-62, -50);
  return voice;
}

void draw_format(RandomStream& random, Performance& performance) {
  const double rate = random.uniform();
  performance.sample_rate = rate < 0.34   ? 22050
                            : rate < 0.64 ? 24000
                            : rate < 0.92 ? 16000
                            : rate < 0.96 ? 44100
                                          : 48000;
  performance.channels = random.uniform() < 0.04 ? 2 : 1;
  performance.flac = random.uniform() < 0.03;
}

void draw_syllables(RandomStream& random, const Voice& voice, const SynthClip& clip, double tempo,
                    Performance& performance) {
  std::array<double, kSyllables> lengths{};
  for (std::size_t i = 0; i < kSyllables; ++i) {
    const double x = 2.0 * static_cast<double>(i) / (kSyllables - 1) - 1.0;
    lengths[i] = std::exp(-tempo * x + 0.1 * random.normal());
  }
  const double scale = performance.length / std::accumulate(lengths.begin(), lengths.end(), 0.0);
  const double clip_scale = voice.formant_scale * random.uniform(0.96, 1.04);
  const Statement& vowels = kStatements[static_cast<std::size_t>(clip.statement - 1)];
  double start = performance.onset;
  for (std::size_t i = 0; i < kSyllables; ++i) {
    Syllable syllable;
    syllable.start = start;
    syllable.end = start + scale * lengths[i];
    for (std::size_t k = 0; k < 3; ++k) {
      syllable.formants[k] = kVowels[vowels[i]][k] * clip_scale * std::exp(0.03 * random.normal());
    }
    syllable.formants[3] = 3500 * clip_scale;
    syllable.pitch = 0.5 * random.normal();
    syllable.level = 1.5 * random.normal();
    syllable.consonant = i + 1 < kSyllables ? random.uniform(0, 0.06) : 0;
    start = syllable.end;
    performance.syllables.push_back(syllable);
  }
}

}  // namespace

Performance draw_performance(std::uint64_t seed, const SynthClip& clip) {
  const Voice voice = draw_voice(seed, clip.actor);
  RandomStream random(seed, "synth performance", clip.code());
  Performance performance;
  draw_format(random, performance);
  performance.song = clip.channel == 2;
  performance.onset = random.uniform(0.1, 0.5);
  performance.length =
      voice.tempo * (performance.song ? random.uniform(1.9, 2.3) : random.uniform(1.7, 2.2));
  const double total = performance.onset + performance.length + random.uniform(0.1, 0.5);
  performance.samples =
      static_cast<std::size_t>(std::llround(total * static_cast<double>(performance.sample_rate)));

  const Cues& cues = kCues[static_cast<std::size_t>(clip.emotion - 1)];
  const double strength = clip.intensity == 2 ? kStrong : 1.0;
  const auto excursion = [&](int direction, double size) {
    return direction * size * strength * random.uniform(0.75, 1.25);
  };
  performance.pitch_hz = voice.pitch_hz;
  performance.pitch = {random.uniform(-2.5, 2.5), excursion(cues.pitch, kPitchExcursion),
                       random.uniform(-3, 3)};
  performance.level = {0, excursion(cues.level, kLevelExcursion), random.uniform(-6, 6)};
  performance.tilt = {voice.tilt + random.uniform(-2, 2),
                      -excursion(cues.brightness, kTiltExcursion), random.uniform(-2, 2)};
  draw_syllables(random, voice, clip, excursion(cues.tempo, kTempoExcursion), performance);

  performance.vibrato = performance.song ? random.uniform(0.25, 0.6) : 0;
  performance.vibrato_hz = random.uniform(4.5, 6.5);
  performance.vibrato_phase = random.uniform(0, 2 * std::numbers::pi);
  performance.breath = voice.breath * random.uniform(0.5, 1.5);
  performance.background = std::pow(10.0, (voice.background + random.uniform(-4, 4)) / 20);
  performance.colour = random.uniform(0.2, 0.8);
  performance.peak = std::pow(10.0, random.uniform(-20, -1) / 20);
  return performance;
}

}  // namespace parlando::preprocess
