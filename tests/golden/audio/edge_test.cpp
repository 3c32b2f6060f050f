#include <limits>

#include <gmock/gmock.h>

#include "common/audio/feature_extractor.h"
#include "common/audio/savgol.h"
#include "common/audio/trim.h"
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

TEST_F(OtherEdge, TheTrimOfAnEmptyWaveformIsEmpty) {
  ASSERT_EQ(read_json(path("edge/other.json")).at("empty y, trim"), "ok, [(0,), (2,)]");
  EXPECT_EQ(audio::Trimmer({}).ends({}), (std::pair<std::size_t, std::size_t>{0, 0}));
  count_case("edge/other.json: empty y, trim");
}

class ShortDelta : public GoldenTest {
 protected:
  /// golden/edge/delta9_in, its first `frames`.
  static audio::Spectrogram input(std::size_t frames) {
    const NpyArray array = load("edge/delta9_in.npy");
    audio::Spectrogram series;
    series.reshape(frames, array.shape[0]);
    for (std::size_t t = 0; t < frames; ++t) {
      for (std::size_t r = 0; r < series.rows; ++r) {
        series.frame(t)[r] = array.values[r * array.shape[1] + t];
      }
    }
    return series;
  }
};

TEST_F(ShortDelta, OfNineFramesIsLibrosas) {
  for (const int order : {1, 2}) {
    const std::string name = fmt::format("edge/delta9_order{}", order);
    const NpyArray expected = load(name + ".npy");
    audio::Spectrogram delta;
    audio::DeltaFilter(9, order, audio::SavgolMode::interp).apply(input(9), delta);
    std::vector<float> rows_first;
    for (std::size_t r = 0; r < delta.rows; ++r) {
      for (std::size_t t = 0; t < delta.frames; ++t) rows_first.push_back(delta.frame(t)[r]);
    }
    EXPECT_TRUE(within(rows_first, expected.values, 1e-6 * largest(expected.values)));
    count_case(name);
  }
}

TEST_F(ShortDelta, OfEightFramesIsRefused) {
  const std::string key = "delta of 8 frames";
  ASSERT_THAT(read_json(path("edge/other.json")).at(key).get<std::string>(),
              testing::HasSubstr("width=9"));
  audio::Spectrogram delta;
  audio::DeltaFilter filter(9, 1, audio::SavgolMode::interp);
  EXPECT_THAT(error_of([&] { filter.apply(input(8), delta); }), testing::HasSubstr("8 frames"));
  count_case("edge/other.json: " + key);
}

}  // namespace
}  // namespace parlando::golden
