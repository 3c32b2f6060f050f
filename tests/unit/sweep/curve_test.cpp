#include "experiments/sweep/work/curve.h"

#include <cmath>

#include <gtest/gtest.h>

#include "common/core/error.h"
#include "experiments/sweep/work/last_words.h"
#include "tests/support/scratch_folder.h"

namespace parlando::sweep {
namespace {

using test::ScratchFolder;
using test::write_text;

constexpr const char* kLines =
    "{\"epoch\":1,\"validation_uar\":0.3,\"seconds\":2,\"best\":true}\n"
    "{\"epoch\":2,\"validation_uar\":0.5,\"seconds\":2,\"best\":true}\n"
    "{\"epoch\":3,\"validation_uar\":0.6,\"seconds\":2,\"best\":false}\n"
    "{\"epoch\":4,\"validation_uar\":null,\"seconds\":2,\"best\":false}\n";

TEST(Curve, GivesTheValueOfTheWeightsThatARunWouldKeep) {
  const ScratchFolder run;
  write_text(run / "metrics.jsonl", kLines);
  const Curve curve = read_curve(run.path(), "validation_uar");
  EXPECT_EQ(curve.epochs(), 4);
  EXPECT_EQ(curve.value_at(1), 0.3);
  EXPECT_EQ(curve.value_at(3), 0.5) << "epoch 3 has a better figure, but not the weights kept";
  EXPECT_EQ(curve.kept_at(100), 2);
  EXPECT_EQ(curve.seconds, 8);
  EXPECT_TRUE(std::isnan(curve.value_at(0)));
}

TEST(Curve, LeavesOutALineThatAKillCutShort) {
  const ScratchFolder run;
  write_text(run / "metrics.jsonl", std::string(kLines) + "{\"epoch\":5,\"valid");
  EXPECT_EQ(read_curve(run.path(), "validation_uar").epochs(), 4);
}

TEST(Curve, NamesADamagedLine) {
  const ScratchFolder run;
  write_text(run / "metrics.jsonl", "{\"epoch\":1}\n{}\n");
  EXPECT_THROW(read_curve(run.path(), "validation_uar"), Error);
  EXPECT_EQ(read_curve(run / "absent", "validation_uar").epochs(), 0);
}

TEST(LastWords, AreThoseOfTheProgramInItsLastStart) {
  const ScratchFolder folder;
  const auto log = folder / "log.txt";
  EXPECT_EQ(last_words(log), "");
  begin_log(log, {"parlando-train"});
  write_text(log, test::read_text(log) + "parlando-train: first failure\nmore\n");
  EXPECT_EQ(last_words(log), "parlando-train: first failure");
  begin_log(log, {"parlando-train"});
  EXPECT_EQ(last_words(log), "");
  write_text(log, test::read_text(log) + "Segmentation fault\n\n");
  EXPECT_EQ(last_words(log), "Segmentation fault");
}

}  // namespace
}  // namespace parlando::sweep
