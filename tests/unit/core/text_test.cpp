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

TEST(TrimText, TakesBlanksAway) {
  EXPECT_EQ(trim_text(" \t happy \r\n"), "happy");
  EXPECT_EQ(trim_text(" \n"), "");
}

TEST(IsUtf8, AcceptsWellFormedText) {
  EXPECT_TRUE(is_utf8("plain"));
  EXPECT_TRUE(is_utf8("\u00e9 \u0142 \U0001F3A4"));
}

TEST(IsUtf8, RefusesBytesOfOtherEncodings) {
  EXPECT_FALSE(is_utf8("\xe9t\xe9"));
  EXPECT_FALSE(is_utf8("\xff\xfe"));
  EXPECT_FALSE(is_utf8("\x80"));
}

TEST(IsUtf8, RefusesOverlongFormsSurrogatesAndCutSequences) {
  EXPECT_FALSE(is_utf8("\xc0\xaf"));
  EXPECT_FALSE(is_utf8("\xe0\x80\xaf"));
  EXPECT_FALSE(is_utf8("\xed\xa0\x80"));
  EXPECT_FALSE(is_utf8("\xf4\x90\x80\x80"));
  EXPECT_FALSE(is_utf8("\xe2\x82"));
}

}  // namespace
}  // namespace parlando
