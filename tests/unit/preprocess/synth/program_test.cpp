#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/io/json.h"
#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"

namespace parlando {
namespace {

using ::testing::HasSubstr;

test::ProcessResult synth(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), test::program("parlando-synth"));
  return test::run_process(arguments);
}

TEST(SynthProgram, PrintsOneJsonDocument) {
  const test::ScratchFolder scratch;
  const test::ProcessResult result =
      synth({(scratch / "corpus").string(), "--clips", "28", "--seed", "9", "--threads", "2",
             "--actors", "3", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json document = parse_json(result.out, "stdout");
  EXPECT_EQ(document.at("clips"), 28);
  EXPECT_EQ(document.at("written"), 28);
  EXPECT_EQ(document.at("actors"), 3);
  EXPECT_EQ(document.at("seed"), 9);
  const Json marker = read_json(scratch / "corpus" / "parlando-corpus.json");
  EXPECT_EQ(marker.at("synthetic"), true);
  EXPECT_EQ(marker.at("clips"), 28);
}

TEST(SynthProgram, WrongUsageExitsWith2) {
  const test::ScratchFolder scratch;
  const std::string corpus = (scratch / "corpus").string();
  EXPECT_EQ(synth({}).exit_code, 2);
  EXPECT_EQ(synth({corpus, "--clips", "0"}).exit_code, 2);
  EXPECT_EQ(synth({corpus, "--clips", "-5"}).exit_code, 2);
  EXPECT_EQ(synth({corpus, "--clips", "1000", "--actors", "2"}).exit_code, 2);
  EXPECT_EQ(synth({corpus, "--seed", "many"}).exit_code, 2);
  const test::ProcessResult result = synth({corpus, "--clip", "5"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("--clips"));
  EXPECT_FALSE(std::filesystem::exists(corpus));
}

TEST(SynthProgram, AForeignFolderExitsWith4) {
  const test::ScratchFolder scratch;
  test::write_text(scratch / "notes.txt", "mine");
  const test::ProcessResult result = synth({scratch.path().string(), "--clips", "14"});
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_THAT(result.err, HasSubstr("not a synthetic corpus"));
}

}  // namespace
}  // namespace parlando
