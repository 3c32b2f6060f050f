#include <cmath>

#include "common/audio/feature_extractor.h"
#include "common/io/json.h"
#include "tests/golden/audio/cases.h"
#include "tests/golden/audio/signals.h"

namespace parlando::golden {
namespace {

constexpr double kTonnetzTolerance = 1e-3;
constexpr double kHz = 1e-2;

/// One block as a recipe gives it, against the stage of librosa's.
class PitchBlocks : public GoldenTest, public testing::WithParamInterface<Signal> {
 protected:
  void expect_stage(audio::FeatureBlock block, const std::string& name, double tolerance) {
    audio::FeatureRecipe recipe;
    recipe.features = {std::move(block)};
    audio::FeatureExtractor extractor(recipe);
    const auto actual = extractor.stage(waveform_of(GetParam().waveform), recipe.features[0].name);
    std::vector<float> expected = GetParam().stage(name).values;
    for (float& value : expected) value = std::isnan(value) ? 0 : value;
    EXPECT_TRUE(within(actual.values, expected, tolerance)) << name;
  }
};

TEST_P(PitchBlocks, AreLibrosas) {
  expect_stage(audio::ChromaStftRecipe{}, "chroma_stft", 1e-5);
  expect_stage(audio::CqtRecipe{}, "cqt_mag", 1e-6 * largest(GetParam().stage("cqt_mag").values));
  expect_stage(audio::ChromaCqtRecipe{}, "chroma_cqt", kTonnetzTolerance);
  expect_stage(audio::TonnetzRecipe{}, "tonnetz", kTonnetzTolerance);
  expect_stage(audio::TonnetzRecipe{{.source = {.harmonic = true}}}, "tonnetz_harmonic",
               kTonnetzTolerance);
  expect_stage(audio::YinRecipe{}, "yin_f0", kHz);
  expect_stage(audio::PyinRecipe{}, "pyin_f0", kHz);
}

TEST_P(PitchBlocks, HarmonicStageIsLibrosas) {
  audio::FeatureExtractor extractor{audio::FeatureRecipe{}};
  const auto actual = extractor.stage(waveform_of(GetParam().waveform), "harmonic");
  const std::vector<float> expected = GetParam().stage("harmonic").values;
  EXPECT_TRUE(within(actual.values, expected, 1e-6 * largest(expected)));
}

TEST_P(PitchBlocks, EstimateTuningIsLibrosas) {
  audio::FeatureRecipe recipe;
  recipe.features = {
      {audio::EstimateTuningRecipe{}, "tuning_12"},
      {audio::EstimateTuningRecipe{.bins_per_octave = 36}, "tuning_36"},
      {audio::EstimateTuningRecipe{.bins_per_octave = 36, .source = {.harmonic = true}},
       "tuning_36_harmonic"}};
  audio::FeatureExtractor extractor(recipe);
  const nlohmann::json scalars = read_json(path(GetParam().folder + "/scalars.json"));
  for (const audio::FeatureBlock& block : recipe.features) {
    const auto actual = extractor.stage(waveform_of(GetParam().waveform), block.name);
    const auto tuning = scalars.at("scalars").at(block.name).get<float>();
    EXPECT_EQ(actual.values, std::vector<float>(actual.frames, tuning)) << block.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Librosa, PitchBlocks, testing::ValuesIn(all_signals()), signal_name);

}  // namespace
}  // namespace parlando::golden
