#include "common/report/study/study_row.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/io/json.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/study/made_up_row.h"

namespace parlando::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(StudyRow, SurvivesItsFile) {
  const test::ScratchFolder folder;
  const StudyRow row = made_up_row();
  write_study_row(folder / "row.json", row);
  const StudyRow again = read_study_row(folder / "row.json");
  EXPECT_EQ(again.fold, row.fold);
  EXPECT_EQ(again.seed, row.seed);
  EXPECT_EQ(again.leaks, row.leaks);
  EXPECT_EQ(again.figures, row.figures);
  EXPECT_EQ(again.validation, row.validation);
  EXPECT_EQ(again.confusion.count(1, 0), 1);
  EXPECT_EQ(again.support, row.support);
  EXPECT_EQ(again.breakdowns.front().groups.front().n, 4);
  EXPECT_DOUBLE_EQ(again.errors.front().confidence, 0.8765) << "four digits are enough";
  EXPECT_THAT(again.curve.epoch, ElementsAre(1, 2));
  EXPECT_TRUE(std::isnan(again.curve.validation_loss.back()));
  EXPECT_EQ(again.calibration.bins.front().n, 4);
  EXPECT_EQ(again.robustness.front().condition, "noise 10 dB");
  EXPECT_EQ(again.made_by.command, row.made_by.command);
  EXPECT_EQ(again.made_by.processor, row.made_by.processor);
  EXPECT_EQ(read_study_origin(folder / "row.json").data_key, "d1");

  write_study_row(folder / "again.json", again);
  EXPECT_EQ(test::read_text(folder / "again.json"), test::read_text(folder / "row.json"));
}

TEST(StudyRow, NamesTheFileAndTheKeyThatIsDamaged) {
  const test::ScratchFolder folder;
  const auto path = folder / "row.json";
  const auto refused = [&](const std::string& reason) {
    try {
      read_study_row(path);
      FAIL() << "accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::artefact);
      EXPECT_THAT(error.what(), HasSubstr(path.string()));
      EXPECT_THAT(error.what(), HasSubstr(reason));
    }
  };
  write_study_row(path, made_up_row());
  Json json = read_json(path);
  json["format"] = 7;
  write_json(path, json);
  refused("format 7, this program reads 1; run the study again");
  json["format"] = 1;
  json["figures"].erase("uar");
  write_json(path, json);
  refused("figures: key 'uar' is missing");
}

TEST(StudyRows, AreReadByRowSeedAndFold) {
  const test::ScratchFolder folder;
  EXPECT_TRUE(read_study_rows(folder / "nothing").empty());
  for (const auto& [name, seed] : {std::pair{"b", 10}, {"b", 2}, {"a", 1}}) {
    StudyRow row = made_up_row();
    row.row = name;
    row.seed = static_cast<std::uint64_t>(seed);
    row.fold.reset();
    write_study_row(folder / row.row / study_row_file(row.seed, row.fold), row);
  }
  test::write_text(folder / "b" / "notes.txt", "of a person");
  std::vector<std::string> names;
  for (const StudyRow& row : read_study_rows(folder.path()))
    names.push_back(row.row + std::to_string(row.seed));
  EXPECT_THAT(names, ElementsAre("a1", "b2", "b10"));
  EXPECT_EQ(study_row_file(3, std::nullopt), "seed-03.json");
  EXPECT_EQ(study_row_file(3, 0), "seed-03-fold-0.json");
}

}  // namespace
}  // namespace parlando::report
