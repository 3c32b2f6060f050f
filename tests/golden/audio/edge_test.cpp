#include <limits>

#include <gmock/gmock.h>

#include "common/audio/feature_extractor.h"
#include "common/core/error.h"
#include "common/io/json.h"
#include "tests/golden/audio/cases.h"
#include "tests/golden/golden.h"

namespace parlando::golden {
namespace {

class Edge : public GoldenTest, public testing::WithParamInterface<std::string> {};

TEST_P(Edge, RecipeAIsLibrosas) {
  const std::string folder = "edge/" + GetParam();
  ASSERT_EQ(read_json(path(folder + "/recipes.json")).at("recipe_a"), "ok");
  audio::FeatureExtractor extractor(recipe_a());
  const auto actual = extractor.stage(waveform_of(folder + "/y22050.npy"), "log_mel");
  const NpyArray expected = load(folder + "/recipe_a.npy");
  ASSERT_EQ((std::vector<std::size_t>{actual.rows, actual.frames}), expected.shape);
  EXPECT_TRUE(within(actual.values, expected.values, 1e-4));
  count_case(folder + "/recipe_a");
}

INSTANTIATE_TEST_SUITE_P(Librosa, Edge, testing::Values("silence_1s", "short_0.02s", "square_1s"),
                         [](const auto& param_info) { return test_name(param_info.param); });

/// edge/other.json says what librosa did with input that has no waveform file.
class OtherEdge : public GoldenTest {
 protected:
  void expect_refused(float value, const std::string& key) {
    ASSERT_THAT(read_json(path("edge/other.json")).at(key).get<std::string>(),
                testing::HasSubstr("not finite"));
    auto audio = waveform_of("edge/square_1s/y22050.npy");
    audio.interleaved[100] = value;
    try {
      audio::FeatureExtractor(whole_clip()).extract(audio);
      FAIL() << "accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::data);
      EXPECT_THAT(error.what(), testing::HasSubstr("sample 100"));
    }
    count_case("edge/other.json: " + key);
  }
};

TEST_F(OtherEdge, SamplesThatAreNotFiniteAreRefused) {
  expect_refused(std::numeric_limits<float>::quiet_NaN(), "NaN in y, mfcc");
  expect_refused(std::numeric_limits<float>::infinity(), "inf in y, stft");
}

TEST_F(OtherEdge, AnEmptyWaveformHasOneFrame) {
  ASSERT_EQ(read_json(path("edge/other.json")).at("empty y, stft"), "ok, (1025, 1)");
  const auto stft =
      audio::FeatureExtractor(whole_clip())
          .stage({.sample_rate = 22050, .channels = 1, .samples = 0, .peak = 0, .interleaved = {}},
                 "stft");
  EXPECT_EQ(stft.rows, 1025U);
  EXPECT_EQ(stft.frames, 1U);
  EXPECT_EQ(stft.values, std::vector<float>(1025, 0.0F));
  count_case("edge/other.json: empty y, stft");
}

}  // namespace
}  // namespace parlando::golden
