#include "common/report/study/study_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "tests/support/scratch_folder.h"

namespace parlando::report {
namespace {

using ::testing::HasSubstr;

constexpr const char* kStudy =
    "name: parts\npreprocess: p.yaml\ntrain: t.yaml\nseeds: [1, 2]\nfolds: [0, 1]\n"
    "baseline: whole\nrows:\n  - {id: whole}\n  - {id: no-lstm, title: without, seeds: [7], set: "
    "{model.lstm.layers: 0}}\n";

StudyConfig load(const std::string& text) {
  const test::ScratchFolder folder;
  test::write_text(folder / "parts.yaml", text);
  return load_study_config((folder / "parts.yaml").string());
}

TEST(StudyConfig, GivesRowsTheStudysSeedsUnlessTheyHaveTheirOwn) {
  const StudyConfig config = load(kStudy);
  EXPECT_EQ(config.seeds_of(config.rows[0]), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_EQ(config.seeds_of(config.rows[1]), std::vector<std::uint64_t>{7});
  EXPECT_EQ(config.folds_of(config.rows[1]), (std::vector<int>{0, 1}));
  EXPECT_EQ(config.rows[0].name(), "whole");
  EXPECT_EQ(config.rows[1].name(), "without");
  EXPECT_EQ(config.rows[1].set.at("model.lstm.layers").text, "0");
  EXPECT_EQ(config.seed_sets, (std::vector<std::string>{"seed", "split"}));
}

TEST(StudyConfig, RefusesWhatContradictsItself) {
  const auto refused = [](const std::string& from, const std::string& to,
                          const std::string& reason) {
    std::string text = kStudy;
    text.replace(text.find(from), from.size(), to);
    try {
      load(text);
      FAIL() << "accepted: " << to;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
      EXPECT_THAT(error.what(), HasSubstr(reason));
    }
  };
  refused("baseline: whole", "baseline: hole", "there is no row 'hole'; did you mean 'whole'?");
  refused("{id: whole}", "{id: no-lstm}", "no-lstm stands twice");
  refused("{id: whole}", "{id: ../whole}", "only a-z, 0-9, - and .");
  refused("seeds: [1, 2]", "seeds: [1, 1]", "seeds: 1 stands twice");
  refused("seeds: [1, 2]", "seeds: []", "seeds: is empty");
  refused("folds: [0, 1]", "folds: [-1]", "folds are counted from 0");
  refused("folds: [0, 1]", "compare: [test]", "'test' is not one of accuracy");
  refused("folds: [0, 1]", "side: validation\nrobustness: [clean]", "leaves unread");
  refused("folds: [0, 1]", "side: train", "'train' is not one of test");
  refused("train: t.yaml\n", "", "the key 'train' is missing");
}

}  // namespace
}  // namespace parlando::report
