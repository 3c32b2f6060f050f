#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "preprocess/synth/plan.h"

namespace parlando::preprocess {

/// How a quantity moves through an utterance: mean + slope * x + arch * (x^2 - 1/3) with x from -1
/// at its start to 1 at its end. The mean over time is `mean` whatever slope and arch are.
struct Contour {
  double mean = 0;
  double slope = 0;
  double arch = 0;

  double at(double x) const { return mean + slope * x + arch * (x * x - 1.0 / 3.0); }
};

/// A vowel between two consonants.
struct Syllable {
  double start = 0;                  ///< s from the start of the clip
  double end = 0;                    ///< s
  std::array<double, 4> formants{};  ///< Hz
  double pitch = 0;                  ///< semitones above the contour
  double level = 0;                  ///< dB above the contour
  double consonant = 0;              ///< amplitude of the noise at its end
};

/// All that is needed to render one clip.
///
/// An emotion is four binary cues, each the direction of a contour: pitch (rising or falling),
/// level (swelling or fading), spectral tilt (brightening or darkening) and tempo (quickening or
/// slowing). The eight emotions are the code words of even parity, in pairs of opposites: happy and
/// sad, angry and fearful, neutral and calm, surprised and disgusted. A clip of an emotion, played
/// backwards, is a clip of its opposite: everything else is drawn from distributions that are the
/// same in both directions of time (statements are palindromes of vowels). So no average over time
/// tells an emotion from its opposite, and any three cues tell all eight.
struct Performance {
  std::int64_t sample_rate = 22050;  ///< Hz
  int channels = 1;                  ///< 2 = the same samples twice
  bool flac = false;                 ///< 16-bit FLAC instead of wav
  std::size_t samples = 0;           ///< per channel, of the whole clip

  double onset = 0;   ///< s, silence before the utterance
  double length = 0;  ///< s, of the utterance; ends before 3 s
  bool song = false;  ///< stable notes with vibrato instead of gliding pitch
  std::vector<Syllable> syllables;
  double pitch_hz = 0;  ///< where `pitch` is 0
  Contour pitch;        ///< semitones
  Contour level;        ///< dB
  Contour tilt;         ///< dB per octave that the spectrum falls
  double vibrato = 0;   ///< semitones
  double vibrato_hz = 0;
  double vibrato_phase = 0;  ///< radians
  double breath = 0;         ///< noise in the voice, amplitude
  double background = 0;     ///< noise of the room, amplitude
  double colour = 0;         ///< of the room's noise: pole of a one-pole low-pass
  double peak = 0;           ///< largest sample, full scale = 1
};

/// The performance of a clip: a function of (seed, clip) alone.
Performance draw_performance(std::uint64_t seed, const SynthClip& clip);

}  // namespace parlando::preprocess
