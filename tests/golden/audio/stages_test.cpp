#include "common/audio/feature_extractor.h"
#include "tests/golden/audio/cases.h"
#include "tests/golden/golden.h"

namespace parlando::golden {
namespace {

/// How far a stage may be from librosa's: `absolute`, or `relative` times the largest value.
struct Tolerance {
  double absolute = 0;
  double relative = 0;
};

/// A block and the golden array that it must give.
struct Stage {
  std::string array;
  audio::BlockRecipe block;
  Tolerance tolerance;
};

// The double FFT leaves the rounding of its result to complex64 (2^-24) and of the float32 sums
// behind it; librosa itself moves as far with the number of BLAS threads.
const std::vector<Stage>& stages() {
  static const std::vector<Stage> all = {
      {"stft_mag", audio::StftRecipe{}, {.relative = 2e-7}},
      {"mel_power", audio::MelRecipe{}, {.relative = 1e-6}},
      {"mel40_power", audio::MelRecipe{{.n_mels = 40}}, {.relative = 1e-6}},
      {"mel_db_ref1", audio::LogMelRecipe{.decibel = {.ref = "1"}}, {.absolute = 1e-4}},
      {"mel_db_refmax", audio::LogMelRecipe{.decibel = {.ref = "max"}}, {.absolute = 1e-4}},
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

class Stages : public GoldenTest, public testing::WithParamInterface<std::tuple<Input, Stage>> {};

TEST_P(Stages, IsLibrosas) {
  const auto& [input, stage] = GetParam();
  audio::FeatureRecipe recipe = whole_clip();
  recipe.features = {stage.block};
  const NpyArray expected = load(input.folder + "/" + stage.array + ".npy");
  audio::FeatureExtractor extractor(recipe);
  const auto actual = extractor.stage(waveform_of(input.waveform), recipe.features.front().name);
  ASSERT_EQ((std::vector<std::size_t>{actual.rows, actual.frames}), expected.shape);
  const double tolerance =
      stage.tolerance.absolute + stage.tolerance.relative * largest(expected.values);
  EXPECT_TRUE(within(actual.values, expected.values, tolerance));
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
