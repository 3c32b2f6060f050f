#include <algorithm>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/data/audit.h"
#include "common/data/split.h"
#include "tests/unit/data/sample_corpus.h"

namespace parlando::data {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Ids = std::vector<std::string>;

std::set<std::string> speakers_of(const Corpus& corpus, const Ids& side) {
  const std::set<std::string> ids(side.begin(), side.end());
  std::set<std::string> names;
  for (const Clip& clip : corpus.clips) {
    if (ids.contains(clip.id)) names.insert(clip.speaker);
  }
  return names;
}

std::size_t all_sides(const Split& split) {
  return split.train.size() + split.validation.size() + split.test.size();
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

class Kfold : public testing::TestWithParam<const char*> {
 protected:
  Kfold() { config_.scheme = GetParam(); }
  Corpus corpus_ = test::sample_corpus(10);
  SplitConfig config_;
};

TEST_P(Kfold, TestsEveryClipOnce) {
  config_.folds = 4;
  std::multiset<std::string> tested;
  for (config_.fold = 0; config_.fold < fold_count(corpus_, config_); ++config_.fold) {
    const Split split = make_split(corpus_, config_);
    EXPECT_EQ(all_sides(split), corpus_.clips.size());
    EXPECT_TRUE(audit_split(corpus_, split).clean());
    EXPECT_FALSE(split.validation.empty());
    tested.insert(split.test.begin(), split.test.end());
  }
  EXPECT_EQ(tested.size(), corpus_.clips.size());
  EXPECT_EQ(std::set<std::string>(tested.begin(), tested.end()).size(), corpus_.clips.size());
}

TEST_P(Kfold, InnerFoldsValidateEveryTrainingClipOnce) {
  config_.inner_folds = 3;
  std::multiset<std::string> validated;
  std::set<std::string> rest;
  for (int inner = 0; inner < config_.inner_folds; ++inner) {
    config_.inner_fold = inner;
    const Split split = make_split(corpus_, config_);
    EXPECT_TRUE(audit_split(corpus_, split).clean());
    validated.insert(split.validation.begin(), split.validation.end());
    rest.insert(split.train.begin(), split.train.end());
    rest.insert(split.validation.begin(), split.validation.end());
  }
  EXPECT_EQ(validated.size(), rest.size());
  EXPECT_EQ(std::set<std::string>(validated.begin(), validated.end()), rest);
  config_.inner_fold = 3;
  expect_error(corpus_, config_, ErrorKind::usage, "0 to 2");
}

TEST_P(Kfold, AFoldThatDoesNotExistIsWrongUsage) {
  config_.fold = 5;
  expect_error(corpus_, config_, ErrorKind::usage, "0 to 4");
}

INSTANTIATE_TEST_SUITE_P(Schemes, Kfold,
                         testing::Values("kfold", "kfold-pairs", "group-kfold",
                                         "stratified-group-kfold"),
                         [](const auto& tested) {
                           std::string name = tested.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST(KfoldSplit, MoreFoldsThanClipsOfAnyStratumAreRefused) {
  SplitConfig config;
  config.scheme = "kfold";
  config.folds = 40;
  expect_error(test::sample_corpus(2), config, ErrorKind::data, "40 folds");
}

TEST(NestedLoso, ValidatesOnEachOtherSpeakerInTurn) {
  const Corpus corpus = test::sample_corpus(5);
  SplitConfig config;
  config.scheme = "loso";
  config.fold = 1;
  std::set<std::string> validated;
  for (int inner = 0; inner < 4; ++inner) {
    config.inner_fold = inner;
    const Split split = make_split(corpus, config);
    EXPECT_THAT(speakers_of(corpus, split.test), ElementsAre("02"));
    EXPECT_TRUE(audit_split(corpus, split).clean());
    validated.merge(speakers_of(corpus, split.validation));
  }
  EXPECT_THAT(validated, ElementsAre("01", "03", "04", "05"));
  config.inner_fold = 4;
  expect_error(corpus, config, ErrorKind::usage, "0 to 3");
}

TEST(ValidationSpeakers, AreThePublishedOnesTheNextFoldsOrNamed) {
  const Corpus corpus = test::sample_corpus(24);
  SplitConfig config;
  config.scheme = "luna5";
  EXPECT_THAT(speakers_of(corpus, make_split(corpus, config).validation), ElementsAre("03", "06"));
  config.validation_from = "next-fold";
  EXPECT_THAT(speakers_of(corpus, make_split(corpus, config).validation),
              ElementsAre("03", "06", "07", "13", "18"));
  config.validation_speakers = {"24", "09"};
  EXPECT_THAT(speakers_of(corpus, make_split(corpus, config).validation), ElementsAre("09", "24"));
  config.validation_speakers = {"02"};
  expect_error(corpus, config, ErrorKind::usage, "'02' tests in fold 0");
  config.validation_speakers = {"25"};
  expect_error(corpus, config, ErrorKind::usage, "no speaker '25'");
  config.scheme = "stratified";
  expect_error(corpus, config, ErrorKind::usage, "does not divide by speakers");
}

TEST(StratifiedDraws, DifferByTheirNumber) {
  const Corpus corpus = test::sample_corpus(4);
  SplitConfig config;
  const std::string first = make_split(corpus, config).hash();
  config.fold = 1;
  const std::string second = make_split(corpus, config).hash();
  EXPECT_NE(first, second);
  EXPECT_EQ(make_split(corpus, config).hash(), second);
}

TEST(AnyCorpus, IsDividedWithoutChannelsStatementsOrRepetitions) {
  Corpus corpus = test::sample_corpus(6);
  for (Clip& clip : corpus.clips) {
    clip.channel.clear();
    clip.statement.clear();
    clip.repetition.clear();
    clip.intensity.clear();
  }
  for (const char* scheme : {"stratified", "stratified-pairs", "kfold", "loso", "group-kfold"}) {
    SplitConfig config;
    config.scheme = scheme;
    const Split split = make_split(corpus, config);
    EXPECT_EQ(all_sides(split), corpus.clips.size()) << scheme;
    EXPECT_TRUE(audit_split(corpus, split).clean()) << scheme;
  }
}

TEST(AnyCorpus, OtherChannelsAreStrataOfTheirOwn) {
  Corpus corpus = test::sample_corpus(6);
  for (Clip& clip : corpus.clips) clip.channel = clip.channel == "song" ? "telephone" : "studio";
  const Split split = make_split(corpus, {});
  const std::set<std::string> test(split.test.begin(), split.test.end());
  std::map<std::string, int> tested;
  for (const Clip& clip : corpus.clips) {
    if (test.contains(clip.id) && clip.label == "happy") ++tested[clip.channel];
  }
  EXPECT_EQ(tested["studio"], tested["telephone"]);  // 48 of each
}

TEST(SameTake, OfATestClipLeavesTheTrainingSide) {
  Corpus corpus = test::sample_corpus(4);
  const Split before = make_split(corpus, {});
  // The sound of the video of a test clip, decoded to other samples.
  Clip video = test::clip_of(corpus, before.test[0]);
  video.id = "01" + video.id.substr(2);
  video.path = video.id + ".wav";
  video.audio_hash = "other samples";
  corpus.clips.push_back(video);
  SplitConfig config;
  for (config.fold = 0; config.fold < 5; ++config.fold) {
    EXPECT_TRUE(audit_split(corpus, make_split(corpus, config)).clean());
  }
}

}  // namespace
}  // namespace parlando::data
