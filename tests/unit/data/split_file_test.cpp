#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/data/split.h"
#include "tests/unit/data/sample_corpus.h"

namespace parlando::data {
namespace {

using ::testing::HasSubstr;

class SplitFile : public testing::Test {
 protected:
  SplitFile() {
    Corpus corpus = test::sample_corpus(4);
    corpus.clips[1].audio_hash = corpus.clips[0].audio_hash;
    SplitConfig config;
    config.seed = 7;
    config.by = "emotion";
    split_ = make_split(corpus, config);
    json_ = split_to_json(split_);
  }
  void expect_damaged(const std::string& reason) const {
    try {
      split_from_json(json_, "split.json");
      FAIL() << "accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::artefact);
      EXPECT_THAT(error.what(), HasSubstr("split.json"));
      EXPECT_THAT(error.what(), HasSubstr(reason));
    }
  }

  Split split_;
  Json json_;
};

TEST_F(SplitFile, ReadsWhatWasWritten) {
  const Split read = split_from_json(parse_json(json_.dump(), "text"), "split.json");
  EXPECT_EQ(read.train, split_.train);
  EXPECT_EQ(read.validation, split_.validation);
  EXPECT_EQ(read.test, split_.test);
  ASSERT_EQ(read.dropped.size(), split_.dropped.size());
  EXPECT_EQ(read.config.scheme, "stratified");
  EXPECT_EQ(read.config.by, "emotion");
  EXPECT_EQ(read.config.seed, 7U);
  EXPECT_EQ(read.config.test_fraction, 0.2);
  EXPECT_EQ(read.corpus_hash, split_.corpus_hash);
  EXPECT_EQ(read.hash(), split_.hash());
}

TEST_F(SplitFile, AnEditIsNoticedByTheHash) {
  json_["test"].push_back("03-01-01-01-01-01-99");
  expect_damaged("hash");
}

TEST_F(SplitFile, AnEditWithoutHashIsAccepted) {
  json_["test"].push_back("03-01-01-01-01-01-99");
  json_.erase("hash");
  EXPECT_EQ(split_from_json(json_, "split.json").test.size(), split_.test.size() + 1);
}

TEST_F(SplitFile, AMissingSideIsNamed) {
  json_.erase("validation");
  expect_damaged("'validation'");
}

TEST_F(SplitFile, ASideOfAnotherTypeIsNamed) {
  json_["train"] = 5;
  expect_damaged("'train'");
}

TEST_F(SplitFile, AnotherJsonIsRefused) {
  json_ = Json::array();
  expect_damaged("not a split");
}

TEST_F(SplitFile, AnotherVersionIsRefused) {
  json_["version"] = 9;
  expect_damaged("version 9");
}

}  // namespace
}  // namespace parlando::data
