#include "common/audio/decode.h"
#include "common/audio/feature_extractor.h"
#include "tests/golden/audio/cases.h"
#include "tests/golden/golden.h"

namespace parlando::golden {
namespace {

/// librosa itself moves by 1.7e-5 dB with the number of BLAS threads; a float32 FFT would move by
/// 8e-4.
constexpr double kLogMelTolerance = 1e-4;
/// The resampler is the same library with the same settings: the same bits.
constexpr double kIdentical = 0;

/// From the original audio file to the features, with what librosa.load gave on the way.
class Clips : public GoldenTest, public testing::WithParamInterface<std::string> {
 protected:
  void SetUp() override {
    GoldenTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    is_synth_ = GetParam() == "synth";
    folder_ = is_synth_ ? "synth" : "clips/" + GetParam();
    file_ = is_synth_ ? path("synth/synth.wav") : original_of(GetParam());
    if (file_.empty()) GTEST_SKIP() << "neither RAVDESS_48K nor RAVDESS is set: no original clips";
    ASSERT_TRUE(std::filesystem::exists(file_)) << file_;
  }

  bool is_synth_ = false;
  std::string folder_;
  std::filesystem::path file_;
};

TEST_P(Clips, WaveformIsLibrosasBitForBit) {
  audio::FeatureExtractor extractor(whole_clip());
  const auto waveform = extractor.stage(audio::decode_audio(file_), "waveform");
  EXPECT_TRUE(within(waveform.values, load(folder_ + "/y22050.npy").values, kIdentical));
  count_case(folder_ + "/y22050");
}

TEST_P(Clips, ThreeSecondsAreCutBeforeResampling) {
  audio::FeatureRecipe recipe;
  recipe.waveform.duration = 3;
  audio::FeatureExtractor extractor(recipe);
  const NpyArray expected = load(folder_ + "/y22050_3s.npy");
  const auto cut_while_decoding = extractor.stage(audio::decode_audio(file_, 3), "waveform");
  EXPECT_TRUE(within(cut_while_decoding.values, expected.values, kIdentical));
  const auto cut_afterwards = extractor.stage(audio::decode_audio(file_), "waveform");
  EXPECT_TRUE(within(cut_afterwards.values, expected.values, kIdentical));
  count_case(folder_ + "/y22050_3s");
}

TEST_P(Clips, RecipeAIsLibrosas) {
  audio::FeatureExtractor extractor(recipe_a());
  const NpyArray expected = load(folder_ + "/recipe_a.npy");
  ASSERT_EQ(expected.shape, (std::vector<std::size_t>{128, 130}));
  const auto decoded = audio::decode_audio(file_, extractor.seconds_needed());
  const auto actual = extractor.extract(decoded);
  ASSERT_EQ(actual.rows, 128U);
  ASSERT_EQ(actual.frames, 130U);
  EXPECT_EQ(extractor.max_frames(decoded.sample_rate, decoded.samples), 130U);
  std::vector<float> rows_first;
  for (std::size_t r = 0; r < actual.rows; ++r) {
    for (std::size_t t = 0; t < actual.frames; ++t) {
      rows_first.push_back(actual.values[t * actual.rows + r]);
    }
  }
  EXPECT_TRUE(within(rows_first, expected.values, kLogMelTolerance));
  EXPECT_TRUE(
      within(extractor.stage(decoded, "log_mel").values, expected.values, kLogMelTolerance));
  count_case(folder_ + "/recipe_a");
}

std::vector<std::string> inputs() {
  std::vector<std::string> names = clip_names();
  names.push_back("synth");
  return names;
}

INSTANTIATE_TEST_SUITE_P(Librosa, Clips, testing::ValuesIn(inputs()),
                         [](const auto& param_info) { return test_name(param_info.param); });

/// One extractor keeps its resampler and buffers: an earlier clip must leave no trace in a later
/// one.
class OneExtractor : public GoldenTest {};

TEST_F(OneExtractor, GivesTheSameForAClipWhateverCameBefore) {
  audio::FeatureExtractor reused(recipe_a());
  for (const std::string name : {"edge/square_1s", "edge/short_0.02s", "synth", "edge/silence_1s",
                                 "edge/square_1s", "synth"}) {
    auto audio = waveform_of(name + "/y22050.npy");
    audio.sample_rate = 24000;
    EXPECT_EQ(reused.extract(audio).values,
              audio::FeatureExtractor(recipe_a()).extract(audio).values)
        << name;
    audio.sample_rate = 48000;
    EXPECT_EQ(reused.extract(audio).values,
              audio::FeatureExtractor(recipe_a()).extract(audio).values)
        << name;
  }
}

}  // namespace
}  // namespace parlando::golden
