#include "common/core/text.h"

#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/core/program.h"
#include "common/core/progress.h"

namespace parlando {
namespace {

TEST(Nearest, FindsASlipOfThePenAndNothingElse) {
  EXPECT_EQ(nearest("epoch", {"epochs", "batch_size"}), "epochs");
  EXPECT_EQ(nearest("learning_rat", {"learning_rate", "beta1"}), "learning_rate");
  EXPECT_EQ(nearest("zebra", {"epochs", "batch_size"}), "");
}

TEST(SplitText, KeepsEmptyParts) {
  EXPECT_EQ(split_text("a,,b", ','), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_EQ(split_text("", ','), (std::vector<std::string>{""}));
}

TEST(FormatDuration, WritesHoursOnlyWhereThereAreAny) {
  EXPECT_EQ(format_duration(7.4), "0:07");
  EXPECT_EQ(format_duration(83), "1:23");
  EXPECT_EQ(format_duration(3725), "1:02:05");
}

TEST(RunProgram, MapsErrorsToExitCodes) {
  EXPECT_EQ(run_program("x", [] { return 0; }), 0);
  EXPECT_EQ(run_program("x", []() -> int { fail(ErrorKind::usage, "u"); }), 2);
  EXPECT_EQ(run_program("x", []() -> int { fail(ErrorKind::data, "d"); }), 3);
  EXPECT_EQ(run_program("x", []() -> int { fail(ErrorKind::artefact, "a"); }), 4);
  EXPECT_EQ(run_program("x", []() -> int { fail(ErrorKind::distributed, "r"); }), 5);
  EXPECT_EQ(run_program("x", []() -> int { fail(ErrorKind::stopped, "s"); }), 85);
  EXPECT_EQ(run_program("x", []() -> int { throw std::runtime_error("bug"); }), 70);
}

}  // namespace
}  // namespace parlando
