#include "experiments/study/plan/study_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "tests/support/scratch_folder.h"

namespace parlando::study {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class StudyPlanTest : public ::testing::Test {
 protected:
  StudyPlanTest() {
    test::write_text(folder_ / "p.yaml", "name: p\nfeatures: [{block: rms}]\n");
    test::write_text(folder_ / "t.yaml", "name: t\nepochs: 9\nmodel: {lstm: {hidden: 8}}\n");
    test::write_text(folder_ / "one-way.yaml",
                     "# one way\ntrain: {model: {lstm: {bidirectional: false}}}\n");
    test::write_text(folder_ / "speech.yaml",
                     "preprocess: {split: {channels: {test: [speech]}}}\n");
  }

  report::StudyConfig config(const std::string& rows, const std::string& more = "") const {
    const auto file = [&](const char* name) { return (folder_ / name).string(); };
    test::write_text(folder_ / "study.yaml",
                     "name: parts\nseeds: [1, 2]\npreprocess: " + file("p.yaml") +
                         "\ntrain: " + file("t.yaml") + "\n" + more + "rows:\n" + rows);
    return report::load_study_config(file("study.yaml"));
  }
  std::string overlay(const char* name) const {
    return "overlays: [" + (folder_ / name).string() + "]";
  }

  test::ScratchFolder folder_;
};

std::vector<std::string> names_of(const StudyPlan& plan) {
  std::vector<std::string> names;
  for (const StudyRun& run : plan.runs()) names.push_back(run.name());
  return names;
}

TEST_F(StudyPlanTest, TrainsWhatIsComparedSideBySide) {
  const StudyPlan plan(
      config("  - {id: a}\n  - {id: b, seeds: [5]}\n  - {id: c, folds: [3]}\n", "folds: [0, 1]\n"));
  EXPECT_THAT(names_of(plan),
              ElementsAre("a/1/0", "b/5/0", "c/1/3", "a/1/1", "b/5/1", "c/2/3", "a/2/0", "a/2/1"));
  EXPECT_EQ(plan.runs()[2].file(), "c/seed-01-fold-3.json");
  EXPECT_EQ(plan.preprocess_of(plan.runs()[2]).split.fold, 3);
}

TEST_F(StudyPlanTest, LaysOverlaysAndKeysOverBothConfigurations) {
  const StudyPlan plan(config("  - {id: a}\n  - {id: b, " + overlay("one-way.yaml") +
                              ", set: {epochs: 3, preprocess.split.scheme: kfold}}\n"));
  const StudyRun &a = plan.runs()[0], &b = plan.runs()[1];
  EXPECT_TRUE(plan.train_of(a).model.lstm.bidirectional);
  EXPECT_FALSE(plan.train_of(b).model.lstm.bidirectional);
  EXPECT_EQ(plan.train_of(b).model.lstm.hidden, 8) << "other keys of the block stay";
  EXPECT_EQ(plan.train_of(b).epochs, 3);
  EXPECT_EQ(plan.preprocess_of(b).split.scheme, "kfold");
  EXPECT_NE(a.train_key, b.train_key);
  EXPECT_NE(a.recipe_key, b.recipe_key);
}

TEST_F(StudyPlanTest, DrawsFollowTheSeedAsAsked) {
  const StudyPlan both(config("  - {id: a}\n"));
  EXPECT_EQ(both.train_of(both.runs()[1]).seed, 2u);
  EXPECT_EQ(both.preprocess_of(both.runs()[1]).split.seed, 2u);
  EXPECT_NE(both.runs()[0].recipe_key, both.runs()[1].recipe_key);
  const StudyPlan weights(config("  - {id: a}\n", "seed_sets: [seed]\n"));
  EXPECT_EQ(weights.preprocess_of(weights.runs()[1]).split.seed, 42u);
  EXPECT_EQ(weights.runs()[0].recipe_key, weights.runs()[1].recipe_key)
      << "one dataset serves both";
  EXPECT_NE(weights.runs()[0].train_key, weights.runs()[1].train_key);
}

TEST_F(StudyPlanTest, KeysKnowWhatChangesAResult) {
  const auto keys_with = [&](const std::string& train) {
    test::write_text(folder_ / "t.yaml", train);
    return StudyPlan(config("  - {id: a}\n")).runs().front().train_key;
  };
  const std::string key = keys_with("name: t\nepochs: 9\n");
  EXPECT_EQ(keys_with("name: other\nepochs: 9\nthreads: 4\n"), key);
  EXPECT_EQ(keys_with("name: t\nepochs: 9\nbatch_size: 32\n"), key) << "32 is the default";
  EXPECT_NE(keys_with("name: t\nepochs: 8\n"), key);
}

TEST_F(StudyPlanTest, NamesTheRowThatWouldBeRefused) {
  const auto refused = [&](const std::string& rows, const std::string& reason) {
    try {
      const StudyPlan plan(config(rows));
      FAIL() << "accepted: " << rows;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
      EXPECT_THAT(error.what(), HasSubstr("row b: "));
      EXPECT_THAT(error.what(), HasSubstr(reason));
    }
  };
  refused("  - {id: a}\n  - {id: b, set: {epoch: 3}}\n", "did you mean 'epochs'");
  refused("  - {id: b, set: {preprocess.split.sceme: kfold}}\n", "did you mean 'scheme'");
  refused("  - {id: b, " + overlay("absent.yaml") + "}\n", "no such configuration file");
  test::write_text(folder_ / "slip.yaml", "trian: {epochs: 3}\n");
  refused("  - {id: b, " + overlay("slip.yaml") + "}\n", "did you mean 'train'");
}

TEST_F(StudyPlanTest, OnlyNamesRowsSeedsAndFolds) {
  const StudyPlan plan(config("  - {id: a}\n  - {id: ab}\n", "folds: [0, 1]\n"));
  const auto chosen = [&](const std::vector<std::string>& only) {
    std::vector<std::string> names;
    for (const std::size_t i : chosen_runs(plan.runs(), only))
      names.push_back(plan.runs()[i].name());
    return names;
  };
  EXPECT_THAT(chosen({"a"}), ElementsAre("a/1/0", "a/1/1", "a/2/0", "a/2/1"));
  EXPECT_THAT(chosen({"ab/2", "ab/2/1"}), ElementsAre("ab/2/0", "ab/2/1"));
  EXPECT_THROW(chosen({"a/3"}), Error);
}

}  // namespace
}  // namespace parlando::study
