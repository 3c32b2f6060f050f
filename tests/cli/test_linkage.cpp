#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/process.h"

namespace parlando::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// Preprocessing nodes have neither libtorch nor MPI.
TEST(Linkage, ProgramsOfPreprocessingLoadNeitherTorchNorMpi) {
  for (const char* name :
       {"parlando", "parlando-scan", "parlando-synth", "parlando-split", "parlando-audit",
        "parlando-features", "parlando-preprocess", "parlando-report", "parlando-inspect"}) {
    const ProcessResult result = run_process({"ldd", program(name)});
    ASSERT_EQ(result.exit_code, 0) << name << ": " << result.err;
    EXPECT_THAT(result.out, Not(HasSubstr("libtorch"))) << name;
    EXPECT_THAT(result.out, Not(HasSubstr("libc10"))) << name;
    EXPECT_THAT(result.out, Not(HasSubstr("libmpi"))) << name;
    EXPECT_THAT(result.out, Not(HasSubstr("not found"))) << name;
  }
}

/// What it does not use would only make its start slower.
TEST(Linkage, PredictLoadsNoMpi) {
  if (!std::filesystem::exists(program("parlando-predict"))) {
    GTEST_SKIP() << "the trainer was left out of this build (PARLANDO_TRAIN=OFF)";
  }
  const ProcessResult result = run_process({"ldd", program("parlando-predict")});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("libtorch_cpu"));
  EXPECT_THAT(result.out, Not(HasSubstr("libmpi")));
}

}  // namespace
}  // namespace parlando::test
