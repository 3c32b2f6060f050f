#include <cmath>
#include <numbers>

#include <benchmark/benchmark.h>

#include "common/audio/effects/harmonic.h"
#include "common/audio/pitch/chroma_cqt.h"
#include "common/audio/pitch/pyin.h"
#include "common/audio/stft.h"
#include "common/core/random.h"

namespace parlando::audio {
namespace {

/// Three seconds of a falling tone with overtones and a little noise at 22050 Hz.
std::vector<float> make_voice() {
  RandomStream noise(1, "bench-voice");
  std::vector<float> voice(66150);
  double phase = 0;
  for (std::size_t i = 0; i < voice.size(); ++i) {
    phase += 2 * std::numbers::pi * (220 - 0.001 * static_cast<double>(i)) / 22050;
    voice[i] = static_cast<float>(0.3 * std::sin(phase) + 0.1 * std::sin(3 * phase) +
                                  0.01 * noise.normal());
  }
  return voice;
}

/// librosa.effects.harmonic: STFT, two medians of 31, mask, inverse STFT.
void separate_harmonic(benchmark::State& state) {
  const std::vector<float> voice = make_voice();
  Stft stft({});
  Hpss hpss({});
  ComplexSpectrogram spectrum;
  Spectrogram magnitude;
  std::vector<float> harmonic;
  for (auto _ : state) {
    stft.run(voice, {.magnitude = &magnitude, .complex = &spectrum});
    hpss.harmonic(spectrum, magnitude, voice.size(), harmonic);
    benchmark::DoNotOptimize(harmonic.data());
  }
}
BENCHMARK(separate_harmonic)->Unit(benchmark::kMillisecond);

/// librosa.feature.chroma_cqt with its estimate of the tuning.
void compute_chroma_cqt(benchmark::State& state) {
  const std::vector<float> voice = make_voice();
  Stft stft({});
  Spectrogram magnitude;
  TuningEstimator estimator;
  ChromaCqt chroma_cqt({});
  Spectrogram chroma;
  for (auto _ : state) {
    stft.magnitude(voice, magnitude);
    chroma_cqt.apply(voice, estimator.estimate(magnitude, {}, 36), chroma);
    benchmark::DoNotOptimize(chroma.values.data());
  }
}
BENCHMARK(compute_chroma_cqt)->Unit(benchmark::kMillisecond);

/// The filters of a tuning that no earlier clip had.
void plan_constant_q(benchmark::State& state) {
  const std::vector<float> silence(1);
  Spectrogram chroma;
  for (auto _ : state) {
    ChromaCqt chroma_cqt({});
    chroma_cqt.apply(silence, 0.1, chroma);
  }
}
BENCHMARK(plan_constant_q)->Unit(benchmark::kMillisecond);

void track_pitch(benchmark::State& state) {
  const std::vector<float> voice = make_voice();
  Pyin pyin({});
  PitchTrack track;
  for (auto _ : state) pyin.compute(voice, track);
}
BENCHMARK(track_pitch)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace parlando::audio
