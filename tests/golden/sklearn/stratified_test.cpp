#include "common/data/stratified.h"

#include <algorithm>
#include <string>
#include <vector>

#include "common/data/ravdess.h"
#include "common/data/split.h"
#include "common/io/json.h"
#include "tests/golden/golden.h"

namespace parlando::golden {
namespace {

using data::Corpus;
using data::ShuffleSplit;

using Indices = std::vector<std::size_t>;

/// The corpus that the golden indices count: names alone, in the golden order.
Corpus golden_corpus() {
  Corpus corpus;
  corpus.classes = data::ravdess_classes();
  const Json order = read_json(path("sklearn/order.json"));
  for (const Json& stem : order.at("stems")) {
    corpus.clips.push_back(data::parse_ravdess_name(stem.get<std::string>()));
  }
  return corpus;
}

std::vector<int> labels(const Corpus& corpus, bool by_channel) {
  std::vector<int> values;
  for (const data::Clip& clip : corpus.clips) {
    const int emotion = corpus.class_index(clip.label) + 1;
    values.push_back(by_channel ? emotion * 10 + (clip.channel == "song" ? 2 : 1) : emotion);
  }
  return values;
}

std::vector<std::string> ids(const Corpus& corpus, const Json& indices) {
  std::vector<std::string> names;
  for (const std::size_t i : indices.get<Indices>()) names.push_back(corpus.clips[i].id);
  return names;
}

std::string number(int label) {
  return std::to_string(label);
}

class Stratified : public GoldenTest {};

TEST_F(Stratified, ManifestOrderIsTheGoldenOrder) {
  const Corpus corpus = golden_corpus();
  ASSERT_EQ(corpus.clips.size(), 2452U);
  Corpus sorted = corpus;
  std::ranges::reverse(sorted.clips);
  std::ranges::sort(sorted.clips, data::clip_before);
  for (std::size_t i = 0; i < corpus.clips.size(); ++i) {
    ASSERT_EQ(sorted.clips[i].id, corpus.clips[i].id) << "at " << i;
  }
  count_case("sklearn/order");
}

TEST_F(Stratified, TrainTestSplitByEmotionEqualsScikitLearns) {
  const Corpus corpus = golden_corpus();
  const Json expected = read_json(path("sklearn/tts_emotion_seed42.json"));
  data::NumpyRandomState random(42);
  const ShuffleSplit split = stratified_shuffle_split(
      labels(corpus, false), data::test_size(0.2, corpus.clips.size()), random, number);
  EXPECT_EQ(split.train, expected.at("train").get<Indices>());
  EXPECT_EQ(split.test, expected.at("test").get<Indices>());
  count_case("sklearn/tts_emotion_seed42");
}

TEST_F(Stratified, FiveSplitsOfOneGeneratorEqualScikitLearns) {
  const Corpus corpus = golden_corpus();
  const std::vector<int> strata = labels(corpus, false);
  data::NumpyRandomState random(42);
  for (const Json& expected : read_json(path("sklearn/sss5_emotion_seed42.json"))) {
    const ShuffleSplit split =
        stratified_shuffle_split(strata, data::test_size(0.2, strata.size()), random, number);
    EXPECT_EQ(split.train, expected.at("train").get<Indices>());
    EXPECT_EQ(split.test, expected.at("test").get<Indices>());
  }
  count_case("sklearn/sss5_emotion_seed42");
}

class StratifiedByChannel : public GoldenTest, public testing::WithParamInterface<int> {};

TEST_P(StratifiedByChannel, SchemeStratifiedGivesScikitLearnsTestSide) {
  const Corpus corpus = golden_corpus();
  const std::string name = "sklearn/tts_emotion_channel_seed" + std::to_string(GetParam());
  const Json expected = read_json(path(name + ".json"));
  data::SplitConfig config;
  config.seed = static_cast<std::uint64_t>(GetParam());
  config.validation_fraction = 0;
  // The clips carry no audio hash, so that no twin is dropped and all indices can be compared.
  const data::Split split = make_split(corpus, config);
  EXPECT_EQ(split.test, ids(corpus, expected.at("test")));
  EXPECT_EQ(split.train, ids(corpus, expected.at("train")));
  count_case(name);
}

INSTANTIATE_TEST_SUITE_P(Seeds, StratifiedByChannel, testing::Values(0, 1, 2, 42));

TEST_F(Stratified, ValidationIsTheSameDrawOverTheTrainingSide) {
  const Corpus corpus = golden_corpus();
  const auto train =
      read_json(path("sklearn/tts_emotion_channel_seed42.json")).at("train").get<Indices>();
  const std::vector<int> strata = labels(corpus, true);
  std::vector<int> rest;
  for (const std::size_t i : train) rest.push_back(strata[i]);
  data::NumpyRandomState random(42);
  const ShuffleSplit inner =
      stratified_shuffle_split(rest, data::test_size(0.1, rest.size()), random, number);
  std::vector<std::string> expected;
  for (const std::size_t i : inner.test) expected.push_back(corpus.clips[train[i]].id);
  const data::Split split = make_split(corpus, data::SplitConfig{});
  EXPECT_EQ(split.validation, expected);
  EXPECT_EQ(split.validation.size(), 197U);  // ceil(0.1 * 1961)
}

}  // namespace
}  // namespace parlando::golden
