#include <cmath>
#include <numbers>

#include <benchmark/benchmark.h>

#include "common/audio/feature_extractor.h"
#include "common/core/random.h"

namespace parlando::audio {
namespace {

/// A voice-like clip: a falling tone with overtones and a little noise.
DecodedAudio make_clip(std::int64_t sample_rate, double seconds) {
  RandomStream noise(1, "bench-clip");
  DecodedAudio clip;
  clip.sample_rate = sample_rate;
  const auto count = static_cast<std::size_t>(seconds * static_cast<double>(sample_rate));
  double phase = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double progress = static_cast<double>(i) / static_cast<double>(count);
    phase += 2 * std::numbers::pi * (220 - 80 * progress) / static_cast<double>(sample_rate);
    const double sample = 0.3 * std::sin(phase) + 0.1 * std::sin(3 * phase) + 0.01 * noise.normal();
    clip.interleaved.push_back(static_cast<float>(sample));
  }
  clip.channels = 1;
  clip.samples = static_cast<std::int64_t>(count);
  return clip;
}

FeatureRecipe mel128() {
  FeatureRecipe recipe;
  recipe.waveform = {.sample_rate = 22050, .duration = 3, .fix_length = 66150};
  return recipe;
}

/// One clip of 3.7 s, the mean of RAVDESS, from samples to log-mel rows; the argument is its rate.
void extract_mel128(benchmark::State& state) {
  const DecodedAudio clip = make_clip(state.range(0), 3.7);
  FeatureExtractor extractor(mel128());
  for (auto _ : state) benchmark::DoNotOptimize(extractor.extract(clip));
  state.counters["clips/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(extract_mel128)->Arg(22050)->Arg(24000)->Arg(48000)->Unit(benchmark::kMillisecond);

/// The recipe of configs/preprocess/stack187.yaml.
FeatureRecipe stack187() {
  FeatureRecipe recipe = mel128();
  MelRecipe mel;
  mel.mel.n_mels = 40;
  recipe.features = {MfccRecipe{.n_mfcc = 40},
                     DeltaRecipe{},
                     DeltaRecipe{.order = 2},
                     ChromaStftRecipe{},
                     mel,
                     SpectralContrastRecipe{},
                     TonnetzRecipe{{.source = {.harmonic = true}}},
                     ZeroCrossingRateRecipe{},
                     RmsRecipe{}};
  return recipe;
}

/// The same clip to the 187 stacked rows.
void extract_stack187(benchmark::State& state) {
  const DecodedAudio clip = make_clip(state.range(0), 3.7);
  FeatureExtractor extractor(stack187());
  for (auto _ : state) benchmark::DoNotOptimize(extractor.extract(clip));
  state.counters["clips/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(extract_stack187)->Arg(22050)->Arg(24000)->Arg(48000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace parlando::audio
