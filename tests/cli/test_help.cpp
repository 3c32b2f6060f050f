#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/process.h"

namespace parlando::test {
namespace {

using ::testing::HasSubstr;

/// The verbs whose programs were built: all of them, but for those of the trainer where it was left
/// out.
std::vector<std::string> built_verbs() {
  std::vector<std::string> verbs{"scan",     "synth",      "split",  "audit",
                                 "features", "preprocess", "report", "inspect"};
  if (std::filesystem::exists(program("parlando-train"))) {
    verbs.insert(verbs.end(),
                 {"train", "evaluate", "predict", "doctor", "sweep", "study", "bench"});
  }
  return verbs;
}

class Help : public ::testing::TestWithParam<std::string> {};

TEST_P(Help, ShowsDefaultsAndAnExample) {
  const ProcessResult result = parlando({GetParam(), "--help"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  EXPECT_THAT(result.out, HasSubstr("Example:\n  parlando " + GetParam()));
}

TEST_P(Help, EveryOptionHasAMeaning) {
  const std::string help = parlando({GetParam(), "--help"}).out;
  std::size_t options = 0;
  for (std::size_t at = help.find("\n  --"); at != std::string::npos;
       at = help.find("\n  --", at + 1)) {
    ++options;
    const std::size_t end = help.find("\n  -", at + 1);
    const std::string entry = help.substr(at + 1, end - at - 1);
    EXPECT_THAT(entry, ::testing::ContainsRegex("--.*[A-Za-z0-9.](  +|\n +)[^ ]")) << entry;
  }
  EXPECT_GE(options, 1u) << "at least --version";
}

TEST_P(Help, VersionIsThatOfTheDispatcher) {
  const ProcessResult result = parlando({GetParam(), "--version"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out, parlando({"--version"}).out);
}

TEST_P(Help, AWrongOptionIsWrongUsage) {
  const ProcessResult result = parlando({GetParam(), "--no-such-option"});
  EXPECT_EQ(result.exit_code, 2) << result.out;
  EXPECT_THAT(result.err, HasSubstr("parlando-" + GetParam() + ": "));
  EXPECT_THAT(result.err, HasSubstr("parlando " + GetParam() + " --help"));
  EXPECT_EQ(result.out, "");
}

INSTANTIATE_TEST_SUITE_P(Verbs, Help, ::testing::ValuesIn(built_verbs()),
                         [](const auto& verb) { return verb.param; });

TEST(HelpOfPreprocess, ShowsTheKeysThatAConfigurationMayHave) {
  const std::string help = parlando({"preprocess", "--help"}).out;
  EXPECT_THAT(help, HasSubstr("waveform.sample_rate"));
  EXPECT_THAT(help, HasSubstr("split.seed"));
}

}  // namespace
}  // namespace parlando::test
