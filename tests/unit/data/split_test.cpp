#include "common/data/split.h"

#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "tests/unit/data/sample_corpus.h"

namespace parlando::data {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

using Ids = std::vector<std::string>;

std::string utterance(const Clip& clip) {
  return clip.speaker + clip.channel + clip.label + clip.intensity + clip.statement;
}

/// Side of every clip, checked for clips on two sides.
std::map<std::string, std::string> sides(const Split& split) {
  std::map<std::string, std::string> side_of;
  const std::pair<const char*, const Ids*> all[]{
      {"train", &split.train}, {"validation", &split.validation}, {"test", &split.test}};
  for (const auto& [name, ids] : all) {
    for (const std::string& id : *ids) {
      EXPECT_TRUE(side_of.emplace(id, name).second) << id << " is on two sides";
    }
  }
  return side_of;
}

void expect_error(const Corpus& corpus, const SplitConfig& config, ErrorKind kind,
                  const std::string& reason) {
  try {
    make_split(corpus, config);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind);
    EXPECT_THAT(error.what(), HasSubstr(reason));
  }
}

TEST(StratifiedSplit, DividesEveryClipInTheSharesAsked) {
  const Corpus corpus = test::sample_corpus(10);
  const Split split = make_split(corpus, {});
  EXPECT_EQ(sides(split).size(), corpus.clips.size());
  EXPECT_EQ(split.test.size(), 208U);       // ceil(0.2 * 1040)
  EXPECT_EQ(split.validation.size(), 84U);  // ceil(0.1 * 832)
  EXPECT_TRUE(split.dropped.empty());
  EXPECT_EQ(split.corpus_hash, corpus.hash());
}

TEST(StratifiedSplit, KeepsSharesOfEmotionByChannel) {
  Corpus corpus = test::sample_corpus(10);
  std::map<std::string, int> count;
  for (const std::string& id : make_split(corpus, {}).test) {
    const Clip& clip = test::clip_of(corpus, id);
    ++count[clip.label + " " + clip.channel];
  }
  EXPECT_EQ(count["neutral song"], 8);   // of 40
  EXPECT_EQ(count["happy speech"], 16);  // of 80
  EXPECT_EQ(count["surprised speech"], 16);
  EXPECT_EQ(count["surprised song"], 0);
}

TEST(StratifiedSplit, IsAFunctionOfTheSeed) {
  const Corpus corpus = test::sample_corpus(4);
  SplitConfig config;
  const Split split = make_split(corpus, config);
  EXPECT_EQ(make_split(corpus, config).hash(), split.hash());
  config.seed = 43;
  EXPECT_NE(make_split(corpus, config).hash(), split.hash());
}

TEST(StratifiedSplit, ByEmotionAloneIsAnotherDraw) {
  const Corpus corpus = test::sample_corpus(4);
  SplitConfig config;
  config.by = "emotion";
  EXPECT_NE(make_split(corpus, config).hash(), make_split(corpus, {}).hash());
}

TEST(StratifiedSplit, WithoutValidationEverythingElseTrains) {
  const Corpus corpus = test::sample_corpus(4);
  SplitConfig config;
  config.validation_fraction = 0;
  const Split split = make_split(corpus, config);
  EXPECT_TRUE(split.validation.empty());
  EXPECT_EQ(split.train.size() + split.test.size(), corpus.clips.size());
}

TEST(StratifiedSplit, ATrainingTwinOfATestClipIsDroppedByName) {
  Corpus corpus = test::sample_corpus(4);
  const Split before = make_split(corpus, {});
  const std::string trained = before.train[5];
  const std::string tested = before.test[7];
  test::clip_of(corpus, trained).audio_hash = test::clip_of(corpus, tested).audio_hash;
  const Split split = make_split(corpus, {});
  ASSERT_EQ(split.dropped.size(), 1U);
  EXPECT_EQ(split.dropped[0].id, trained);
  EXPECT_THAT(split.dropped[0].reason, HasSubstr(tested));
  EXPECT_THAT(split.dropped[0].reason, HasSubstr("test"));
  EXPECT_THAT(split.train, Not(Contains(trained)));
  EXPECT_EQ(split.test, before.test);
}

TEST(StratifiedSplit, AValidationTwinOfATestClipIsDroppedFromValidation) {
  Corpus corpus = test::sample_corpus(4);
  const Split before = make_split(corpus, {});
  const std::string validated = before.validation[2];
  test::clip_of(corpus, validated).audio_hash = test::clip_of(corpus, before.test[0]).audio_hash;
  const Split split = make_split(corpus, {});
  ASSERT_EQ(split.dropped.size(), 1U);
  EXPECT_EQ(split.dropped[0].id, validated);
  EXPECT_THAT(split.validation, Not(Contains(validated)));
}

TEST(StratifiedSplit, ATrainingTwinOfAValidationClipIsDropped) {
  Corpus corpus = test::sample_corpus(4);
  const Split before = make_split(corpus, {});
  test::clip_of(corpus, before.train[0]).audio_hash =
      test::clip_of(corpus, before.validation[0]).audio_hash;
  const Split split = make_split(corpus, {});
  ASSERT_EQ(split.dropped.size(), 1U);
  EXPECT_EQ(split.dropped[0].id, before.train[0]);
  EXPECT_THAT(split.dropped[0].reason, HasSubstr("validation"));
}

TEST(StratifiedSplit, TwinsOnOneSideStay) {
  Corpus corpus = test::sample_corpus(4);
  const Split before = make_split(corpus, {});
  test::clip_of(corpus, before.train[0]).audio_hash =
      test::clip_of(corpus, before.train[1]).audio_hash;
  EXPECT_EQ(make_split(corpus, {}).hash(), before.hash());
}

TEST(StratifiedSplit, AStratumOfOneClipIsNamed) {
  Corpus corpus = test::sample_corpus(4);
  std::erase_if(corpus.clips, [](const Clip& clip) {
    return clip.label == "disgust" && clip.id != "03-01-07-01-01-01-01";
  });
  expect_error(corpus, {}, ErrorKind::data, "'disgust x speech'");
}

TEST(StratifiedSplit, AnEmptyCorpusIsRefused) {
  expect_error({}, {}, ErrorKind::data, "no clips");
}

TEST(StratifiedSplit, AnUnknownSchemeIsWrongUsage) {
  SplitConfig config;
  config.scheme = "random";
  expect_error(test::sample_corpus(1), config, ErrorKind::usage, "'random'");
}

TEST(StratifiedPairsSplit, KeepsTheRepetitionsOfAnUtteranceTogether) {
  Corpus corpus = test::sample_corpus(10);
  SplitConfig config;
  config.scheme = "stratified-pairs";
  const Split split = make_split(corpus, config);
  const auto side_of = sides(split);
  ASSERT_EQ(side_of.size(), corpus.clips.size());
  std::map<std::string, std::set<std::string>> sides_of_utterance;
  for (const Clip& clip : corpus.clips) {
    sides_of_utterance[utterance(clip)].insert(side_of.at(clip.id));
  }
  for (const auto& [name, found] : sides_of_utterance) EXPECT_EQ(found.size(), 1U) << name;
  EXPECT_EQ(split.test.size(), 208U);  // two of ceil(0.2 * 520) utterances
}

TEST(CheckSplit, AcceptsWhatWasMade) {
  const Corpus corpus = test::sample_corpus(2);
  EXPECT_NO_THROW(check_split(make_split(corpus, {}), corpus));
}

TEST(CheckSplit, RefusesAClipThatTheCorpusLacks) {
  Corpus corpus = test::sample_corpus(2);
  const Split split = make_split(corpus, {});
  std::erase_if(corpus.clips, [&](const Clip& clip) { return clip.id == split.test[3]; });
  try {
    check_split(split, corpus);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    EXPECT_THAT(error.what(), HasSubstr(split.test[3]));
  }
}

TEST(CheckSplit, RefusesAClipOnTwoSides) {
  const Corpus corpus = test::sample_corpus(2);
  Split split = make_split(corpus, {});
  split.train.push_back(split.test[0]);
  EXPECT_THROW(check_split(split, corpus), Error);
}

}  // namespace
}  // namespace parlando::data
