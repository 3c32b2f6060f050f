#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"

namespace parlando::test {
namespace {

using ::testing::HasSubstr;

/// What train and evaluate say before any work begins.
class BadTraining : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(program("parlando-train"))) {
      GTEST_SKIP() << "the trainer was left out of this build (PARLANDO_TRAIN=OFF)";
    }
  }
  ProcessResult train(const std::vector<std::string>& more) {
    std::vector<std::string> words{"train", "--run", (folder_ / "run").string()};
    words.insert(words.end(), more.begin(), more.end());
    return parlando(words);
  }
  std::string mel128() { return source_path("configs/train/mel128.yaml").string(); }
  std::string data() { return (folder_ / "no-data").string(); }

  ScratchFolder folder_;
};

TEST_F(BadTraining, AnUnknownKeyIsNamedWithTheNearestOne) {
  const ProcessResult result =
      train({"--config", mel128(), "--data", data(), "optimizer.learning_rat=0.1"});
  EXPECT_EQ(result.exit_code, 2) << result.err;
  EXPECT_THAT(result.err, HasSubstr("unknown key 'learning_rat'; did you mean 'learning_rate'?"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "run"));
}

TEST_F(BadTraining, AValueOfTheWrongTypeIsWrongUsage) {
  const ProcessResult result = train({"--config", mel128(), "--data", data(), "epochs=many"});
  EXPECT_EQ(result.exit_code, 2) << result.err;
  EXPECT_THAT(result.err, HasSubstr("epochs"));
  EXPECT_THAT(result.err, HasSubstr("many"));
}

TEST_F(BadTraining, AMissingConfigurationIsNamed) {
  const std::string missing = (folder_ / "missing.yaml").string();
  const ProcessResult result = train({"--config", missing, "--data", data()});
  EXPECT_EQ(result.exit_code, 2) << result.err;
  EXPECT_THAT(result.err, HasSubstr(missing));
}

TEST_F(BadTraining, AFolderThatIsNoDatasetIsNamedWithTheCommandThatMakesOne) {
  const ProcessResult result = train({"--config", mel128(), "--data", data()});
  EXPECT_EQ(result.exit_code, 4) << result.err;
  EXPECT_THAT(result.err, HasSubstr(data()));
  EXPECT_THAT(result.err, HasSubstr("parlando preprocess"));
}

TEST_F(BadTraining, EvaluateNeedsARun) {
  const ProcessResult result = parlando({"evaluate", "--run", (folder_ / "no-run").string()});
  EXPECT_EQ(result.exit_code, 4) << result.err;
  EXPECT_THAT(result.err, HasSubstr((folder_ / "no-run").string()));
}

TEST_F(BadTraining, ReportNeedsARun) {
  const ProcessResult result = parlando({"report", (folder_ / "no-run").string()});
  EXPECT_EQ(result.exit_code, 4) << result.err;
  EXPECT_THAT(result.err, HasSubstr((folder_ / "no-run").string()));
}

}  // namespace
}  // namespace parlando::test
