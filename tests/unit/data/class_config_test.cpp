#include "common/data/class_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/config/config.h"
#include "common/core/error.h"
#include "common/data/split.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/data/sample_corpus.h"

namespace parlando::data {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

Corpus with_classes(const std::string& yaml) {
  Corpus corpus = test::sample_corpus(2);
  apply_classes(corpus, parse_config<ClassConfig>(yaml, "classes"));
  return corpus;
}

std::size_t count(const Corpus& corpus, const std::string& label) {
  return static_cast<std::size_t>(std::ranges::count(corpus.clips, label, &Clip::label));
}

TEST(Classes, AreTheCorpussOwnByDefault) {
  const Corpus corpus = with_classes("{}");
  EXPECT_EQ(corpus.hash(), test::sample_corpus(2).hash());
}

TEST(Classes, SevenMergesCalmIntoNeutral) {
  const Corpus corpus = with_classes("preset: seven");
  EXPECT_THAT(corpus.classes,
              ElementsAre("neutral", "happy", "sad", "angry", "fearful", "disgust", "surprised"));
  EXPECT_EQ(corpus.clips.size(), 208U);
  EXPECT_EQ(count(corpus, "neutral"), 48U);  // 2 x (8 neutral + 16 calm)
  EXPECT_TRUE(corpus.left_out.empty());
}

TEST(Classes, MapAloneMergesInTheCorpussOrder) {
  const Corpus corpus = with_classes("map: {calm: neutral}");
  EXPECT_EQ(corpus.classes, with_classes("preset: seven").classes);
}

TEST(Classes, CommonLeavesOutByName) {
  const Corpus corpus = with_classes("preset: common");
  EXPECT_THAT(corpus.classes,
              ElementsAre("neutral", "happy", "sad", "angry", "fearful", "disgust"));
  EXPECT_THAT(corpus.left_out, ElementsAre(Pair("calm", 32), Pair("surprised", 16)));
  EXPECT_EQ(corpus.clips.size(), 208U - 48U);
  EXPECT_TRUE(corpus.defects.empty());
}

TEST(Classes, AMapWinsOverThePresets) {
  const Corpus corpus = with_classes("{preset: common, map: {calm: neutral}}");
  EXPECT_EQ(count(corpus, "neutral"), 48U);
}

TEST(Classes, TheSetGivesTheOrder) {
  const Corpus corpus = with_classes("{set: [sad, happy], others: leave-out}");
  EXPECT_EQ(corpus.class_index("sad"), 0);
  EXPECT_EQ(corpus.clips.size(), count(corpus, "sad") + count(corpus, "happy"));
}

TEST(Classes, ALabelWithoutAClassIsADefectByName) {
  const Corpus corpus = with_classes(
      "{preset: seven, map: {sad: null, calm: null}, set: [neutral, "
      "happy, angry, fearful, disgust]}");
  ASSERT_EQ(corpus.defects.size(), 16U);
  EXPECT_THAT(corpus.defects[0].reason, HasSubstr("'surprised' is no class"));
  EXPECT_EQ(corpus.left_out.at("sad"), 32U);
}

TEST(Classes, ApplyingThemAgainChangesNothing) {
  for (const char* preset : {"seven", "common"}) {
    Corpus corpus = with_classes(std::string("preset: ") + preset);
    const std::string hash = corpus.hash();
    ClassConfig config;
    config.preset = preset;
    apply_classes(corpus, config);
    EXPECT_EQ(corpus.hash(), hash);
  }
}

TEST(Classes, BelongToTheCorpusHash) {
  EXPECT_NE(with_classes("preset: seven").hash(), with_classes("{}").hash());
}

TEST(Classes, ApplyBeforeTheSplit) {
  const Corpus corpus = with_classes("preset: common");
  const Split split = make_split(corpus, {});
  EXPECT_EQ(split.train.size() + split.validation.size() + split.test.size(), corpus.clips.size());
}

void expect_wrong(const std::string& yaml, const std::string& reason) {
  try {
    static_cast<void>(parse_config<ClassConfig>(yaml, "recipe.yaml"));
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.what(), HasSubstr(reason));
  }
}

TEST(Classes, ContradictionsAreWrongUsage) {
  expect_wrong("set: [a, a]", "stands twice");
  expect_wrong("{set: [a], map: {b: c}}", "'b' becomes 'c'");
  expect_wrong("{preset: common, map: {calm: calm}}", "not in the set");
  expect_wrong("preset: eight", "not one of");
}

TEST(Classes, AreReadFromARecipe) {
  const test::ScratchFolder folder;
  test::write_text(folder / "recipe.yaml", "name: x\nclasses:\n  map: {calm: neutral}\n");
  EXPECT_EQ(load_class_config((folder / "recipe.yaml").string()).map.at("calm"), "neutral");
  EXPECT_EQ(load_class_config("common").preset, "common");
  test::write_text(folder / "other.yaml", "name: x\n");
  EXPECT_THROW(load_class_config((folder / "other.yaml").string()), Error);
  EXPECT_THROW(load_class_config("eight"), Error);
}

}  // namespace
}  // namespace parlando::data
