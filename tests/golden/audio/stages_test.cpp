#include <cmath>

#include <gmock/gmock.h>

#include "common/audio/feature_extractor.h"
#include "common/io/json.h"
#include "tests/golden/audio/cases.h"
#include "tests/golden/golden.h"

namespace parlando::golden {
namespace {

/// How far a stage may be from librosa's: `absolute`, `relative` times the largest value, or
/// `elementwise` times each value.
struct Tolerance {
  double absolute = 0;
  double relative = 0;
  double elementwise = 0;
};

/// Blocks, the last of which must give the golden array.
struct Stage {
  std::string array;
  std::vector<audio::FeatureBlock> blocks;
  Tolerance tolerance;
};

// The double FFT leaves the rounding of its result to complex64 (2^-24) and of the float32 sums
// behind it; librosa itself moves as far with the number of BLAS threads.
const std::vector<Stage>& stages() {
  using namespace audio;
  static const MfccRecipe mfcc40{.n_mfcc = 40};
  static const std::vector<Stage> all = {
      {"stft_mag", {StftRecipe{}}, {.relative = 2e-7}},
      {"mel_power", {MelRecipe{}}, {.relative = 1e-6}},
      {"mel40_power", {MelRecipe{{.n_mels = 40}}}, {.relative = 1e-6}},
      {"mel_db_ref1", {LogMelRecipe{.decibel = {.ref = "1"}}}, {.absolute = 1e-4}},
      {"mel_db_refmax", {LogMelRecipe{.decibel = {.ref = "max"}}}, {.absolute = 1e-4}},
      {"mfcc20", {MfccRecipe{}}, {.absolute = 5e-4}},
      {"mfcc40", {mfcc40}, {.absolute = 5e-4}},
      {"mfcc40_delta", {mfcc40, DeltaRecipe{}}, {.absolute = 1e-4}},
      {"mfcc40_delta2", {mfcc40, DeltaRecipe{.order = 2}}, {.absolute = 1e-4}},
      {"spectral_contrast", {SpectralContrastRecipe{}}, {.absolute = 1e-3}},
      {"zcr", {ZeroCrossingRateRecipe{}}, {}},
      {"rms", {RmsRecipe{}}, {.elementwise = 1e-6}},
      {"centroid", {SpectralCentroidRecipe{}}, {.absolute = 1e-3}},
      {"bandwidth", {SpectralBandwidthRecipe{}}, {.absolute = 1e-3}},
      {"rolloff", {SpectralRolloffRecipe{}}, {}},
      {"flatness", {SpectralFlatnessRecipe{}}, {.absolute = 1e-5}},
  };
  return all;
}

/// A folder of golden stages and the waveform they were made of.
struct Input {
  std::string folder;
  std::string waveform;
};

std::vector<Input> inputs() {
  std::vector<Input> all = {{"synth/stages", "synth/y22050.npy"}};
  for (const std::string clip : {"03-01-04-01-02-02-09", "03-02-03-02-01-02-10"}) {
    all.push_back({"stages/" + clip, "clips/" + clip + "/y22050.npy"});
  }
  for (const std::string edge : {"silence_1s", "short_0.02s", "square_1s"}) {
    all.push_back({"edge/" + edge, "edge/" + edge + "/y22050.npy"});
  }
  return all;
}

testing::AssertionResult agrees(std::span<const float> actual, std::span<const float> expected,
                                const Tolerance& tolerance) {
  if (tolerance.elementwise > 0) {
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const double scale = std::abs(static_cast<double>(expected[i]));
      const double difference =
          std::abs(static_cast<double>(actual[i]) - static_cast<double>(expected[i]));
      if (!(difference <= tolerance.elementwise * scale)) {
        return testing::AssertionFailure()
               << "element " << i << ": " << actual[i] << " against " << expected[i];
      }
    }
    return testing::AssertionSuccess();
  }
  return within(actual, expected, tolerance.absolute + tolerance.relative * largest(expected));
}

class Stages : public GoldenTest, public testing::WithParamInterface<std::tuple<Input, Stage>> {};

TEST_P(Stages, IsLibrosas) {
  const auto& [input, stage] = GetParam();
  audio::FeatureRecipe recipe;
  recipe.features = stage.blocks;
  audio::FeatureExtractor extractor(recipe);
  const auto compute = [&] {
    return extractor.stage(waveform_of(input.waveform), recipe.features.back().name);
  };
  const Json said = read_json(path(input.folder + "/scalars.json"));
  if (said.at("errors").contains(stage.array)) {
    ASSERT_THAT(said.at("errors").at(stage.array).get<std::string>(),
                testing::HasSubstr("width=9"));
    EXPECT_THAT(error_of(compute), testing::HasSubstr("fewer than the 9"));
    count_case(input.folder + "/scalars.json: " + stage.array);
    return;
  }
  const NpyArray expected = load(input.folder + "/" + stage.array + ".npy");
  const auto actual = compute();
  ASSERT_EQ((std::vector<std::size_t>{actual.rows, actual.frames}), expected.shape);
  EXPECT_TRUE(agrees(actual.values, expected.values, stage.tolerance));
  count_case(input.folder + "/" + stage.array);
}

INSTANTIATE_TEST_SUITE_P(Librosa, Stages,
                         testing::Combine(testing::ValuesIn(inputs()), testing::ValuesIn(stages())),
                         [](const auto& param_info) {
                           return test_name(std::get<0>(param_info.param).folder + "_" +
                                            std::get<1>(param_info.param).array);
                         });

}  // namespace
}  // namespace parlando::golden
