#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"

namespace parlando::test {
namespace {

using ::testing::HasSubstr;

/// A folder with a copy of the dispatcher and room for programs of our own.
class Dispatcher : public ::testing::Test {
 protected:
  Dispatcher() { std::filesystem::copy_file(program("parlando"), folder_ / "parlando"); }

  void add_script(const std::filesystem::path& path, const std::string& text) {
    write_text(path, "#!/bin/sh\n" + text + "\n");
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  }
  std::string dispatcher() const { return (folder_ / "parlando").string(); }

  ScratchFolder folder_;
};

TEST_F(Dispatcher, BecomesTheProgramInsteadOfStartingAChild) {
  add_script(folder_ / "parlando-self", "echo $$");
  const ProcessResult result = run_process({dispatcher(), "self"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, std::to_string(result.pid) + "\n");
}

TEST_F(Dispatcher, PassesArgumentsAndExitCodeUnchanged) {
  add_script(folder_ / "parlando-echo", "printf '[%s]' \"$@\"; exit 85");
  const ProcessResult result = run_process({dispatcher(), "echo", "a b", "", "--seed=1", "x=y"});
  EXPECT_EQ(result.exit_code, 85);
  EXPECT_EQ(result.out, "[a b][][--seed=1][x=y]");
}

TEST_F(Dispatcher, FindsProgramsOnThePathToo) {
  add_script(folder_ / "elsewhere/parlando-far", "echo far");
  const std::string path = (folder_ / "elsewhere").string() + ":/usr/bin:/bin";
  const ProcessResult result =
      run_process({dispatcher(), "far"}, {.environment = {{"PATH", path}}});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "far\n");
}

TEST_F(Dispatcher, PrefersTheProgramBesideItself) {
  add_script(folder_ / "parlando-where", "echo beside");
  add_script(folder_ / "elsewhere/parlando-where", "echo path");
  const std::string path = (folder_ / "elsewhere").string() + ":/usr/bin:/bin";
  const ProcessResult result =
      run_process({dispatcher(), "where"}, {.environment = {{"PATH", path}}});
  EXPECT_EQ(result.out, "beside\n");
}

TEST_F(Dispatcher, FindsProgramsWhenStartedThroughALink) {
  add_script(folder_ / "parlando-linked", "echo linked");
  ScratchFolder other;
  std::filesystem::create_symlink(folder_ / "parlando", other / "p");
  EXPECT_EQ(run_process({(other / "p").string(), "linked"}).out, "linked\n");
}

TEST_F(Dispatcher, SaysWhichProgramIsNotBuilt) {
  const ProcessResult result =
      run_process({dispatcher(), "train"}, {.environment = {{"PATH", "/usr/bin:/bin"}}});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("parlando-train is neither in " + folder_.path().string()));
}

TEST_F(Dispatcher, NamesTheNearestVerb) {
  const ProcessResult result = parlando({"preproces"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("unknown verb 'preproces'; did you mean 'preprocess'?"));
  EXPECT_EQ(result.out, "");
}

TEST_F(Dispatcher, DoesNotLookForVerbsInOtherFolders) {
  add_script(folder_ / "parlando-x/y", "echo never");
  EXPECT_EQ(run_process({dispatcher(), "x/y"}).exit_code, 2);
  EXPECT_EQ(run_process({dispatcher(), ""}).exit_code, 2);
}

TEST_F(Dispatcher, ListsTheVerbsAloneAndOnRequest) {
  const std::string overview = parlando({}).out;
  for (const char* verb : {"doctor", "scan", "synth", "split", "audit", "features", "preprocess",
                           "train", "evaluate", "predict", "report", "bench", "inspect"}) {
    EXPECT_THAT(overview, HasSubstr(std::string("\n  ") + verb + " "));
  }
  EXPECT_EQ(parlando({"--help"}).out, overview);
  EXPECT_EQ(parlando({"help"}).out, overview);
  EXPECT_EQ(parlando({"--help"}).exit_code, 0);
}

TEST_F(Dispatcher, HelpOfAVerbIsThatOfItsProgram) {
  const ProcessResult result = parlando({"help", "scan"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out, run_process({program("parlando-scan"), "--help"}).out);
}

TEST_F(Dispatcher, PrintsItsVersion) {
  const ProcessResult result = parlando({"--version"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, ::testing::MatchesRegex("parlando [0-9]+\\.[0-9]+\\.[0-9]+.*\n"));
}

TEST_F(Dispatcher, RefusesOptionsBeforeTheVerb) {
  const ProcessResult result = parlando({"--verison"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("did you mean --version?"));
}

}  // namespace
}  // namespace parlando::test
