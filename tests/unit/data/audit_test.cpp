#include "common/data/audit.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/data/audit_rows.h"
#include "tests/unit/data/sample_corpus.h"

namespace parlando::data {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

Relation relation(const Audit& audit, const std::string& name, const std::string& sides) {
  const auto found = std::ranges::find_if(audit.relations, [&](const Relation& candidate) {
    return candidate.name == name && candidate.sides == sides;
  });
  if (found == audit.relations.end()) return {"", "", 0, false, {}};
  return *found;
}

std::vector<std::string> leaks(const Audit& audit) {
  std::vector<std::string> names;
  for (const Relation& found : audit.relations) {
    if (found.count > 0 && !found.tolerated) names.push_back(found.name + " " + found.sides);
  }
  return names;
}

void move_clip(const std::string& id, std::vector<std::string>& from,
               std::vector<std::string>& to) {
  ASSERT_EQ(std::erase(from, id), 1U);
  to.push_back(id);
}

/// A speaker-disjoint split, in which no relation is tolerated.
class AuditOfSpeakers : public testing::Test {
 protected:
  AuditOfSpeakers() : corpus_(test::sample_corpus(10)) {
    SplitConfig config;
    config.scheme = "group-kfold";
    split_ = make_split(corpus_, config);
  }
  Corpus corpus_;
  Split split_;
};

TEST_F(AuditOfSpeakers, IsClean) {
  const Audit audit = audit_split(corpus_, split_);
  EXPECT_TRUE(audit.clean());
  EXPECT_THAT(leaks(audit), IsEmpty());
}

TEST_F(AuditOfSpeakers, ASpeakerOnTwoSidesIsALeak) {
  // Actor 06 tests; one of its clips trains, without its repetition left behind.
  const std::string id = "03-01-05-01-01-01-06";
  std::erase(split_.test, "03-01-05-01-01-02-06");
  split_.dropped.push_back({"03-01-05-01-01-02-06", "for this test"});
  move_clip(id, split_.test, split_.train);
  const Audit audit = audit_split(corpus_, split_);
  EXPECT_FALSE(audit.clean());
  EXPECT_THAT(leaks(audit), ElementsAre("shared-speaker train/test"));
  const Relation found = relation(audit, "shared-speaker", "train/test");
  EXPECT_EQ(found.count, 102U);  // the 104 clips of actor 06 but for the two
  ASSERT_EQ(found.pairs.size(), 102U);
  EXPECT_TRUE(found.pairs.front().starts_with(id + " ~ "));
}

TEST_F(AuditOfSpeakers, ARepetitionPairOnTwoSidesIsALeak) {
  move_clip("03-01-05-01-01-01-06", split_.test, split_.train);
  const Audit audit = audit_split(corpus_, split_);
  EXPECT_THAT(leaks(audit),
              UnorderedElementsAre("shared-speaker train/test", "repetition-pair train/test"));
  EXPECT_THAT(relation(audit, "repetition-pair", "train/test").pairs,
              ElementsAre("03-01-05-01-01-01-06 ~ 03-01-05-01-01-02-06"));
}

TEST_F(AuditOfSpeakers, IdenticalAudioOnTwoSidesIsALeak) {
  const std::string trained = split_.train[4];
  const std::string tested = split_.test[9];
  test::clip_of(corpus_, trained).audio_hash = test::clip_of(corpus_, tested).audio_hash;
  const Audit audit = audit_split(corpus_, split_);
  EXPECT_THAT(leaks(audit), ElementsAre("identical-audio train/test"));
  EXPECT_THAT(relation(audit, "identical-audio", "train/test").pairs,
              ElementsAre(trained + " ~ " + tested));
}

TEST_F(AuditOfSpeakers, EveryCopyOfATestClipIsNamed) {
  const std::string tested = split_.test[9];
  for (const std::size_t i : {4U, 8U}) {
    test::clip_of(corpus_, split_.train[i]).audio_hash = test::clip_of(corpus_, tested).audio_hash;
  }
  const Relation found = relation(audit_split(corpus_, split_), "identical-audio", "train/test");
  EXPECT_EQ(found.count, 1U);
  EXPECT_THAT(found.pairs,
              ElementsAre(split_.train[4] + " ~ " + tested, split_.train[8] + " ~ " + tested));
}

TEST_F(AuditOfSpeakers, IdenticalAudioBetweenValidationAndTestIsALeak) {
  test::clip_of(corpus_, split_.validation[0]).audio_hash =
      test::clip_of(corpus_, split_.test[0]).audio_hash;
  EXPECT_THAT(leaks(audit_split(corpus_, split_)), ElementsAre("identical-audio validation/test"));
}

TEST_F(AuditOfSpeakers, AClipOnTwoSidesIsALeak) {
  split_.train.push_back(split_.test[3]);
  const Audit audit = audit_split(corpus_, split_);
  EXPECT_FALSE(audit.clean());
  EXPECT_EQ(relation(audit, "same-clip", "train/test").count, 1U);
  EXPECT_EQ(relation(audit, "identical-audio", "train/test").count, 0U)
      << "a clip is no copy of itself";
}

TEST_F(AuditOfSpeakers, AClipTwiceOnOneSideIsReported) {
  split_.train.push_back(split_.train[3]);
  EXPECT_THAT(leaks(audit_split(corpus_, split_)), ElementsAre("same-clip train/train"));
}

TEST_F(AuditOfSpeakers, AClipThatTheCorpusLacksIsReported) {
  split_.validation.push_back("03-01-01-01-01-01-99");
  const Audit audit = audit_split(corpus_, split_);
  EXPECT_THAT(leaks(audit), ElementsAre("not-in-corpus validation"));
  EXPECT_THAT(relation(audit, "not-in-corpus", "validation").pairs,
              ElementsAre("03-01-01-01-01-01-99"));
}

TEST_F(AuditOfSpeakers, EmptySpeakersAreNoRelation) {
  for (Clip& clip : corpus_.clips) clip.speaker.clear();
  EXPECT_TRUE(audit_split(corpus_, split_).clean());
}

TEST(AuditOfStratified, ToleratesSpeakersAndRepetitionsAndCountsThem) {
  const Corpus corpus = test::sample_corpus(10);
  const Split split = make_split(corpus, {});
  const Audit audit = audit_split(corpus, split);
  EXPECT_TRUE(audit.clean());
  const Relation speakers = relation(audit, "shared-speaker", "train/test");
  EXPECT_TRUE(speakers.tolerated);
  EXPECT_EQ(speakers.count, split.test.size());
  const Relation pairs = relation(audit, "repetition-pair", "train/test");
  EXPECT_TRUE(pairs.tolerated);
  // A test clip's other repetition trains with probability .72.
  EXPECT_NEAR(static_cast<double>(pairs.count), 0.72 * 208, 30);
  EXPECT_THAT(pairs.pairs, IsEmpty());
}

TEST(AuditOfStratified, DoesNotTolerateIdenticalAudio) {
  Corpus corpus = test::sample_corpus(10);
  const Split split = make_split(corpus, {});
  test::clip_of(corpus, split.train[0]).audio_hash =
      test::clip_of(corpus, split.test[0]).audio_hash;
  EXPECT_THAT(leaks(audit_split(corpus, split)), ElementsAre("identical-audio train/test"));
}

TEST(AuditOfStratified, IsCleanWhereMakeSplitDroppedTheTwin) {
  Corpus corpus = test::sample_corpus(10);
  const Split before = make_split(corpus, {});
  test::clip_of(corpus, before.train[0]).audio_hash =
      test::clip_of(corpus, before.test[0]).audio_hash;
  EXPECT_TRUE(audit_split(corpus, make_split(corpus, {})).clean());
}

TEST(AuditOfPairs, ToleratesSpeakersButNoRepetitionPair) {
  const Corpus corpus = test::sample_corpus(10);
  SplitConfig config;
  config.scheme = "stratified-pairs";
  Split split = make_split(corpus, config);
  EXPECT_TRUE(audit_split(corpus, split).clean());
  const std::string id = split.test.front();
  move_clip(id, split.test, split.train);
  EXPECT_THAT(leaks(audit_split(corpus, split)), ElementsAre("repetition-pair train/test"));
}

DatasetRow row(const std::string& clip, const std::string& source) {
  DatasetRow made;
  made.clip = clip;
  made.source = source;
  return made;
}

class AuditOfRows : public testing::Test {
 protected:
  AuditOfRows() {
    split_.train = {"a"};
    split_.validation = {"b"};
    split_.test = {"c"};
    split_.dropped = {{"d", "identical audio to c"}};
  }
  std::vector<std::string> found(const std::vector<DatasetRow>& rows) const {
    Audit audit;
    audit_rows(rows, split_, audit);
    EXPECT_EQ(audit.clean(), audit.relations.empty());
    return leaks(audit);
  }
  Split split_;
};

TEST_F(AuditOfRows, VariantsOfTrainingClipsAreClean) {
  EXPECT_THAT(found({row("a", "a"), row("a+1", "a"), row("b", "b"), row("c", "c"), row("d", "d")}),
              IsEmpty());
}

TEST_F(AuditOfRows, AVariantOfAClipThatDoesNotTrainIsALeak) {
  for (const char* source : {"b", "c"}) {
    EXPECT_THAT(found({row("a", "a"), row("b", "b"), row("c", "c"),
                       row(std::string(source) + "+1", source)}),
                ElementsAre("variant-outside-train dataset"));
  }
}

TEST_F(AuditOfRows, VariantsOfADroppedClipAreOnNoSide) {
  EXPECT_THAT(found({row("a", "a"), row("b", "b"), row("c", "c"), row("d", "d"), row("d+1", "d")}),
              IsEmpty());
}

TEST_F(AuditOfRows, AClipThatNoSideNamesIsReported) {
  EXPECT_THAT(found({row("a", "a"), row("b", "b"), row("c", "c"), row("e", "e")}),
              ElementsAre("row-not-in-split dataset"));
}

TEST_F(AuditOfRows, AClipThatHasNoRowOfItsOwnIsReported) {
  EXPECT_THAT(found({row("a", "a"), row("b", "b")}), ElementsAre("clip-without-row dataset"));
  EXPECT_THAT(found({row("a+1", "a"), row("b", "b"), row("c", "c")}),
              ElementsAre("clip-without-row dataset"));
}

TEST(AuditOfLabels, ARowOfAnotherClassThanItsClipIsReported) {
  Corpus corpus;
  corpus.clips.resize(2);
  corpus.clips[0].id = "a";
  corpus.clips[0].label = "happy";
  corpus.clips[1].id = "b";
  corpus.clips[1].label = "sad";
  std::vector<DatasetRow> rows{row("a", "a"), row("a+1", "a"), row("b", "b")};
  rows[2].emotion = 1;
  const auto found = [&](std::vector<std::string> classes) {
    Audit audit;
    audit_labels(rows, classes, corpus, audit);
    return audit.relations.empty() ? 0 : audit.relations[0].count;
  };
  EXPECT_EQ(found({"happy", "sad"}), 0U);
  EXPECT_EQ(found({"sad", "happy"}), 3U);
  EXPECT_EQ(found({"happy"}), 1U);
}

TEST(AuditJson, CarriesCountsVerdictAndPairs) {
  Corpus corpus = test::sample_corpus(10);
  Split split = make_split(corpus, {});
  split.train.push_back(split.test[0]);
  const Json json = audit_to_json(audit_split(corpus, split));
  EXPECT_EQ(json.at("clean"), false);
  bool found = false;
  for (const Json& entry : json.at("relations")) {
    if (entry.at("name") != "same-clip" || entry.at("sides") != "train/test") continue;
    found = true;
    EXPECT_EQ(entry.at("count"), 1);
    EXPECT_EQ(entry.at("tolerated"), false);
    EXPECT_EQ(entry.at("pairs").size(), 1U);
  }
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace parlando::data
