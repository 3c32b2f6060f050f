#include "experiments/study/row/run_identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/scratch_folder.h"
#include "tests/unit/study/made_up_row.h"

namespace parlando::study {
namespace {

using ::testing::HasSubstr;

RunIdentity identity_of(const report::StudyRow& row) {
  return {.study = row.study,
          .row = row.row,
          .seed = row.seed,
          .fold = row.fold,
          .train_key = row.made_by.train_key,
          .data_key = row.made_by.data_key,
          .command = row.made_by.command};
}

TEST(RunIdentity, TellsWhyARowIsToBeMade) {
  const test::ScratchFolder folder;
  const report::StudyRow row = report::made_up_row();
  RunIdentity identity = identity_of(row);
  const auto file = row_file(folder.path(), identity);
  EXPECT_EQ(file, folder / "parts" / "no-lstm" / "seed-03-fold-2.json");
  EXPECT_EQ(why_open(file, identity), "it has not been made");
  report::write_study_row(file, row);
  EXPECT_EQ(why_open(file, identity), "");
  identity.train_key = "t2";
  EXPECT_THAT(why_open(file, identity), HasSubstr("another configuration of the training"));
  identity.train_key = "t1";
  identity.data_key = "d2";
  EXPECT_THAT(why_open(file, identity), HasSubstr("another recipe, split or corpus"));
  identity.data_key = "d1";
  identity.side = "validation";
  EXPECT_EQ(why_open(file, identity), "its figures are of the test side");
  test::write_text(file, "{");
  EXPECT_THAT(why_open(file, identity), HasSubstr("not valid JSON"));
}

TEST(RunIdentity, SurvivesItsFile) {
  const test::ScratchFolder folder;
  RunIdentity identity = identity_of(report::made_up_row());
  for (const std::optional<int> fold : {std::optional<int>(2), std::optional<int>()}) {
    identity.fold = fold;
    write_identity(folder / kIdentityFile, identity);
    const RunIdentity again = read_identity(folder / kIdentityFile);
    EXPECT_EQ(again.fold, fold);
    EXPECT_EQ(again.seed, 3u);
    EXPECT_EQ(again.command, identity.command);
    EXPECT_EQ(again.data_key, "d1");
    EXPECT_EQ(again.side, "test");
  }
}

}  // namespace
}  // namespace parlando::study
