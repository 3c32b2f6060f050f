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

/// A stage of the extractor and the golden array that it must give.
struct Stage {
  std::string array;
  std::string stage;
  int n_mels = 128;
  std::string ref = "max";
  Tolerance tolerance;
};

// The double FFT leaves the rounding of its result to complex64 (2^-24) and of the float32 sums
// behind it; librosa itself moves as far with the number of BLAS threads.
const std::vector<Stage>& stages() {
  static const std::vector<Stage> all = {
      {.array = "stft_mag", .stage = "stft_magnitude", .tolerance = {.relative = 2e-7}},
      {.array = "mel_power", .stage = "mel_power", .tolerance = {.relative = 1e-6}},
      {.array = "mel40_power", .stage = "mel_power", .n_mels = 40, .tolerance = {.relative = 1e-6}},
      {.array = "mel_db_ref1", .stage = "log_mel", .ref = "1", .tolerance = {.absolute = 1e-4}},
      {.array = "mel_db_refmax", .stage = "log_mel", .ref = "max", .tolerance = {.absolute = 1e-4}},
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
  recipe.features.front().n_mels = stage.n_mels;
  recipe.features.front().ref = stage.ref;
  const NpyArray expected = load(input.folder + "/" + stage.array + ".npy");
  audio::FeatureExtractor extractor(recipe);
  const auto actual = extractor.stage(waveform_of(input.waveform), stage.stage);
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
