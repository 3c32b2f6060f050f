#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/data/split.h"
#include "tests/unit/data/sample_corpus.h"

namespace parlando::data {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Speakers = std::set<std::string>;

Speakers speakers_of(Corpus& corpus, const std::vector<std::string>& side) {
  Speakers names;
  for (const std::string& id : side) names.insert(test::clip_of(corpus, id).speaker);
  return names;
}

SplitConfig config_of(const std::string& scheme, int fold) {
  SplitConfig config;
  config.scheme = scheme;
  config.fold = fold;
  return config;
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

TEST(SpeakerSplit, Luna5HasThePublishedActors) {
  Corpus corpus = test::sample_corpus(24);
  const Split first = make_split(corpus, config_of("luna5", 0));
  EXPECT_THAT(speakers_of(corpus, first.test), ElementsAre("02", "05", "14", "15", "16"));
  EXPECT_THAT(speakers_of(corpus, first.validation), ElementsAre("03", "06"));
  const Split last = make_split(corpus, config_of("luna5", 4));
  EXPECT_THAT(speakers_of(corpus, last.test), ElementsAre("01", "04", "09", "22"));
  EXPECT_THAT(speakers_of(corpus, last.validation), ElementsAre("02", "05"));
}

TEST(SpeakerSplit, Emobox6HasThePublishedActorsAndValidatesOnTheNextFold) {
  Corpus corpus = test::sample_corpus(24);
  const Split split = make_split(corpus, config_of("emobox6", 5));
  EXPECT_THAT(speakers_of(corpus, split.test), ElementsAre("06", "13", "17", "22"));
  EXPECT_THAT(speakers_of(corpus, split.validation), ElementsAre("01", "11", "20", "21"));
}

TEST(SpeakerSplit, LosoTestsOneSpeakerAndValidatesOnTheNext) {
  Corpus corpus = test::sample_corpus(7);
  EXPECT_EQ(fold_count(corpus, config_of("loso", 0)), 7);
  const Split split = make_split(corpus, config_of("loso", 6));
  EXPECT_THAT(speakers_of(corpus, split.test), ElementsAre("07"));
  EXPECT_THAT(speakers_of(corpus, split.validation), ElementsAre("01"));
}

TEST(SpeakerSplit, GroupKfoldDealsTheSpeakersOut) {
  Corpus corpus = test::sample_corpus(12);
  const Split split = make_split(corpus, config_of("group-kfold", 1));
  EXPECT_THAT(speakers_of(corpus, split.test), ElementsAre("02", "07", "12"));
  EXPECT_THAT(speakers_of(corpus, split.validation), ElementsAre("03", "08"));
}

class EverySpeakerScheme : public testing::TestWithParam<const char*> {};

TEST_P(EverySpeakerScheme, TestsEverySpeakerOnceAndSharesNoneBetweenSides) {
  Corpus corpus = test::sample_corpus(24);
  std::multiset<std::string> tested;
  for (int fold = 0; fold < fold_count(corpus, config_of(GetParam(), 0)); ++fold) {
    const Split split = make_split(corpus, config_of(GetParam(), fold));
    const Speakers train = speakers_of(corpus, split.train);
    const Speakers validation = speakers_of(corpus, split.validation);
    const Speakers test = speakers_of(corpus, split.test);
    EXPECT_FALSE(train.empty() || validation.empty() || test.empty());
    Speakers all = train;
    all.insert(validation.begin(), validation.end());
    all.insert(test.begin(), test.end());
    EXPECT_EQ(all.size(), train.size() + validation.size() + test.size());
    EXPECT_EQ(split.train.size() + split.validation.size() + split.test.size(),
              corpus.clips.size());
    tested.insert(test.begin(), test.end());
  }
  EXPECT_EQ(tested.size(), 24U);
  EXPECT_EQ(Speakers(tested.begin(), tested.end()).size(), 24U);
}

INSTANTIATE_TEST_SUITE_P(Schemes, EverySpeakerScheme,
                         testing::Values("luna5", "emobox6", "loso", "group-kfold"));

TEST(SpeakerSplit, SongsLackActor18AndSuitThePublishedFolds) {
  Corpus corpus = test::sample_corpus(24);
  std::erase_if(corpus.clips,
                [](const Clip& clip) { return clip.channel != "song" || clip.speaker == "18"; });
  const Split split = make_split(corpus, config_of("luna5", 1));
  EXPECT_THAT(speakers_of(corpus, split.test), ElementsAre("03", "06", "07", "13"));
}

TEST(SpeakerSplit, PublishedFoldsRefuseOtherSpeakers) {
  expect_error(test::sample_corpus(26), config_of("luna5", 0), ErrorKind::data, "25, 26");
  expect_error(test::sample_corpus(20), config_of("emobox6", 0), ErrorKind::data, "21, 22, 23, 24");
}

TEST(SpeakerSplit, AFoldThatDoesNotExistIsWrongUsage) {
  expect_error(test::sample_corpus(24), config_of("luna5", 5), ErrorKind::usage, "0 to 4");
  expect_error(test::sample_corpus(24), config_of("luna5", -1), ErrorKind::usage, "0 to 4");
}

TEST(SpeakerSplit, TooFewSpeakersAreRefused) {
  expect_error(test::sample_corpus(4), config_of("group-kfold", 0), ErrorKind::data, "5 speakers");
  expect_error(test::sample_corpus(2), config_of("loso", 0), ErrorKind::data, "3 speakers");
}

TEST(SpeakerSplit, AClipWithoutSpeakerIsNamed) {
  Corpus corpus = test::sample_corpus(6);
  corpus.clips[11].speaker.clear();
  expect_error(corpus, config_of("loso", 0), ErrorKind::data, corpus.clips[11].id);
}

}  // namespace
}  // namespace parlando::data
