#include <gmock/gmock.h>

#include "common/audio/feature_extractor.h"
#include "common/audio/trim.h"
#include "common/io/json.h"
#include "tests/golden/audio/cases.h"
#include "tests/golden/golden.h"

namespace parlando::golden {
namespace {

constexpr std::size_t kMfcc = 40;
constexpr double kMfccTolerance = 5e-4;
constexpr double kDeltaTolerance = 1e-4;
constexpr double kRmsTolerance = 1e-6;  // of a loudness that is at most 1

/// A folder with a waveform, recipe_b and a JSON document with the trim ends.
struct Case {
  std::string folder;
  std::string said;  ///< the document
  std::string key;   ///< of this case in it; "" = the whole
};

std::vector<Case> cases() {
  std::vector<Case> all = {{"synth", "synth/synth.json", ""}};
  for (const std::string& clip : clip_names()) {
    all.push_back({"clips/" + clip, "clips/clips.json", clip});
  }
  for (const std::string name : {"silence_1s", "short_0.02s", "square_1s"}) {
    all.push_back({"edge/" + name, "edge/" + name + "/recipes.json", ""});
  }
  return all;
}

class RecipeB : public GoldenTest, public testing::WithParamInterface<Case> {
 protected:
  Json said() const {
    const Json all = read_json(path(GetParam().said));
    return GetParam().key.empty() ? all : all.at(GetParam().key);
  }
  audio::DecodedAudio waveform() const { return waveform_of(GetParam().folder + "/y22050.npy"); }
};

TEST_P(RecipeB, TrimsWhereLibrosaDoes) {
  const auto [start, end] = audio::Trimmer({}).ends(waveform().interleaved);
  const Json expected = said();
  const bool is_edge = expected.contains("trim");
  EXPECT_EQ(start, (is_edge ? expected.at("trim")[0] : expected.at("trim_start")));
  EXPECT_EQ(end, (is_edge ? expected.at("trim")[1] : expected.at("trim_end")));
  count_case(GetParam().said + ": trim " + GetParam().key);
}

TEST_P(RecipeB, IsLibrosas) {
  audio::FeatureExtractor extractor(recipe_b());
  if (said().value("recipe_b", "ok") != "ok") {
    ASSERT_THAT(said().at("recipe_b").get<std::string>(), testing::HasSubstr("width=9"));
    EXPECT_THAT(error_of([&] { extractor.extract(waveform()); }),
                testing::HasSubstr("fewer than the 9"));
    count_case(GetParam().said + ": recipe_b");
    return;
  }
  const NpyArray expected = load(GetParam().folder + "/recipe_b.npy");
  const audio::FeatureMatrix actual = extractor.extract(waveform());
  ASSERT_EQ((std::vector<std::size_t>{actual.rows, actual.frames}), expected.shape);
  std::vector<float> rows_first;
  for (std::size_t r = 0; r < actual.rows; ++r) {
    for (std::size_t t = 0; t < actual.frames; ++t) {
      rows_first.push_back(actual.values[t * actual.rows + r]);
    }
  }
  const auto expect_rows = [&](std::size_t first, std::size_t count, double tolerance) {
    const std::span<const float> ours(rows_first);
    const std::span<const float> theirs(expected.values);
    EXPECT_TRUE(within(ours.subspan(first * actual.frames, count * actual.frames),
                       theirs.subspan(first * actual.frames, count * actual.frames), tolerance))
        << "from row " << first;
  };
  expect_rows(0, kMfcc, kMfccTolerance);
  expect_rows(kMfcc, 2 * kMfcc, kDeltaTolerance);
  expect_rows(3 * kMfcc, 1, kRmsTolerance);
  count_case(GetParam().folder + "/recipe_b");
}

INSTANTIATE_TEST_SUITE_P(Librosa, RecipeB, testing::ValuesIn(cases()),
                         [](const auto& param_info) { return test_name(param_info.param.folder); });

}  // namespace
}  // namespace parlando::golden
