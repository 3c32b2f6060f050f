#include "preprocess/synth/render.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numbers>

#include "common/core/random.h"

namespace parlando::preprocess {
namespace {

/// Samples between two evaluations of contours and gains, which are interpolated linearly: 2.7 to 8
/// ms.
constexpr std::size_t kBlock = 128;
constexpr std::size_t kHarmonics = 40;
/// Above this the voice is noise alone: harmonics fade out over the last 500 Hz.
constexpr double kHighest = 5000;
constexpr double kTiltPivot = 500;             // Hz, where tilt leaves the level as it is
constexpr double kDecibelsPerOctave = 6.0206;  // of an amplitude that halves
constexpr std::array<double, 4> kFormantGains{1.0, 0.6, 0.35, 0.2};
constexpr std::array<double, 4> kFormantWidths{110, 140, 200, 280};  // Hz

using Block = std::array<float, kBlock>;
using Gains = std::array<float, kHarmonics>;

double amplitude(double decibels) {
  return std::pow(10.0, decibels / 20);
}

/// State of the voice at one moment.
struct Moment {
  double pitch_hz = 0;
  double voice = 0;  ///< amplitude of the harmonics
  double noise = 0;  ///< amplitude of the noise
  Gains gains{};
};

class Renderer {
 public:
  Renderer(const Performance& performance, std::uint64_t seed, std::uint64_t stream)
      : performance_(performance), noise_(seed, "synth noise", stream) {
    for (std::size_t k = 0; k < kBlock; ++k) ramp_[k] = static_cast<float>(k + 1) / kBlock;
    for (std::size_t h = 0; h < kHarmonics; ++h) log_[h] = std::log(static_cast<double>(h + 1));
  }

  std::vector<float> run() {
    const std::size_t blocks = (performance_.samples + kBlock - 1) / kBlock;
    std::vector<float> sound(blocks * kBlock);
    Moment before = moment(0);
    for (std::size_t b = 0; b < blocks; ++b) {
      const Moment after = moment(static_cast<double>((b + 1) * kBlock) /
                                  static_cast<double>(performance_.sample_rate));
      add_noise(before.noise, after.noise, sound.data() + b * kBlock);
      if (before.voice > 0 || after.voice > 0) add_voice(before, after, sound.data() + b * kBlock);
      before = after;
    }
    sound.resize(performance_.samples);
    return sound;
  }

 private:
  Moment moment(double seconds) {
    Moment result;
    result.noise = performance_.background;
    const double x = 2 * (seconds - performance_.onset) / performance_.length - 1;
    if (x <= -1 || x >= 1) return result;
    while (syllable_ + 1 < performance_.syllables.size() &&
           seconds >= performance_.syllables[syllable_].end) {
      ++syllable_;
    }
    const Syllable& syllable = performance_.syllables[syllable_];
    const double position = (seconds - syllable.start) / (syllable.end - syllable.start);
    result.pitch_hz = performance_.pitch_hz * std::exp2(semitones(seconds, x, syllable) / 12);
    result.voice = envelope(position) * amplitude(performance_.level.at(x) + syllable.level);
    result.noise += performance_.breath * result.voice + consonants(seconds, x);
    set_gains(syllable, performance_.tilt.at(x), result);
    return result;
  }

  double semitones(double seconds, double x, const Syllable& syllable) const {
    if (!performance_.song) return performance_.pitch.at(x) + syllable.pitch;
    const double centre =
        (syllable.start + syllable.end - 2 * performance_.onset) / performance_.length - 1;
    const double angle = 2 * std::numbers::pi * performance_.vibrato_hz * seconds;
    return std::round(performance_.pitch.at(centre) + syllable.pitch) +
           performance_.vibrato * std::sin(angle + performance_.vibrato_phase);
  }

  /// Level within a syllable, the same in both directions of time: a hump in speech, a held note in
  /// song.
  double envelope(double position) const {
    const double hump = std::max(0.0, std::sin(std::numbers::pi * position));
    return performance_.song ? std::min(1.0, 2.5 * hump) : hump;
  }

  /// Noise around the borders between syllables.
  double consonants(double seconds, double x) const {
    constexpr double kWidth = 0.02;  // s
    double sum = 0;
    for (const Syllable& syllable : performance_.syllables) {
      const double distance = (seconds - syllable.end) / kWidth;
      if (std::abs(distance) < 3) sum += syllable.consonant * std::exp(-distance * distance);
    }
    return sum * amplitude(performance_.level.at(x));
  }

  void set_gains(const Syllable& syllable, double tilt, Moment& result) const {
    const double exponent = -tilt / kDecibelsPerOctave;
    const double log_pitch = std::log(result.pitch_hz / kTiltPivot);
    for (std::size_t h = 0; h < kHarmonics; ++h) {
      const double frequency = static_cast<double>(h + 1) * result.pitch_hz;
      if (frequency >= kHighest) break;
      double resonance = 0.03;
      for (std::size_t k = 0; k < syllable.formants.size(); ++k) {
        const double distance = (frequency - syllable.formants[k]) / kFormantWidths[k];
        resonance += kFormantGains[k] / (1 + distance * distance);
      }
      const double fade = std::min(1.0, (kHighest - frequency) / 500);
      result.gains[h] = static_cast<float>(result.voice * fade * resonance *
                                           std::exp(exponent * (log_[h] + log_pitch)));
    }
  }

  void add_noise(double from, double to, float* sound) {
    const float first = static_cast<float>(from);
    const float step = static_cast<float>(to - from);
    const float keep = static_cast<float>(performance_.colour);
    for (std::size_t k = 0; k < kBlock; ++k) {
      const float white = static_cast<float>(static_cast<std::int32_t>(noise_.next())) * 0x1p-31F;
      noise_state_ = keep * noise_state_ + (1 - keep) * white;
      sound[k] += (first + step * ramp_[k]) * noise_state_;
    }
  }

  /// Sum of harmonics by Chebyshev's recurrence sin((h + 1) a) = 2 cos(a) sin(h a) - sin((h - 1)
  /// a), which the compiler turns into vector code over the samples of a block.
  void add_voice(const Moment& before, const Moment& after, float* sound) {
    const double pitch = after.pitch_hz > 0 ? after.pitch_hz : before.pitch_hz;
    const double step =
        2 * std::numbers::pi * pitch / static_cast<double>(performance_.sample_rate);
    const std::complex<double> turn = std::polar(1.0, step);
    std::complex<double> point = std::polar(1.0, phase_);
    phase_ = std::fmod(phase_ + step * kBlock, 2 * std::numbers::pi);
    Block previous{};
    Block current;
    Block twice_cosine;
    for (std::size_t k = 0; k < kBlock; ++k) {
      point = {point.real() * turn.real() - point.imag() * turn.imag(),
               point.real() * turn.imag() + point.imag() * turn.real()};
      current[k] = static_cast<float>(point.imag());
      twice_cosine[k] = static_cast<float>(2 * point.real());
    }
    for (std::size_t h = 0; h < kHarmonics; ++h) {
      const float gain = before.gains[h];
      const float change = after.gains[h] - gain;
      for (std::size_t k = 0; k < kBlock; ++k) {
        sound[k] += (gain + change * ramp_[k]) * current[k];
        const float following = twice_cosine[k] * current[k] - previous[k];
        previous[k] = current[k];
        current[k] = following;
      }
    }
  }

  const Performance& performance_;
  RandomStream noise_;
  Block ramp_{};
  std::array<double, kHarmonics> log_{};
  std::size_t syllable_ = 0;
  double phase_ = 0;
  float noise_state_ = 0;
};

}  // namespace

std::vector<std::int16_t> render(const Performance& performance, std::uint64_t seed,
                                 std::uint64_t stream) {
  const std::vector<float> sound = Renderer(performance, seed, stream).run();
  float largest = 0;
  for (const float value : sound) largest = std::max(largest, std::abs(value));
  const float scale = largest > 0 ? static_cast<float>(performance.peak * 32767) / largest : 0;
  std::vector<std::int16_t> samples(sound.size());
  for (std::size_t i = 0; i < sound.size(); ++i) {
    samples[i] = static_cast<std::int16_t>(std::lround(scale * sound[i]));
  }
  return samples;
}

}  // namespace parlando::preprocess
