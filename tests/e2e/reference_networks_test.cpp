#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/io/atomic_file.h"
#include "common/io/json.h"
#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"

namespace parlando {
namespace {

using test::ProcessResult;
using test::program;
using test::run_process;
using test::source_path;
using ::testing::HasSubstr;

/// The published recipes, as they are, on a synthetic corpus.
class ReferenceNetworks : public testing::TestWithParam<const char*> {
 protected:
  ReferenceNetworks() {
    succeed(
        {program("parlando-synth"), corpus(), "--clips", "160", "--seed", "3", "--threads", "1"});
    succeed({program("parlando-preprocess"), "--config", recipe("preprocess"), "--corpus", corpus(),
             "--out", data(), "split.by=emotion"});
  }

  static ProcessResult succeed(const std::vector<std::string>& command) {
    const ProcessResult result = run_process(command);
    EXPECT_EQ(result.exit_code, 0) << command.front() << ": " << result.err;
    return result;
  }

  std::vector<std::string> train_command(const std::string& run,
                                         const std::vector<std::string>& overrides) const {
    std::vector<std::string> command{program("parlando-train"),
                                     "--config",
                                     recipe("train"),
                                     "--data",
                                     data(),
                                     "--run",
                                     run,
                                     "epochs=1",
                                     "threads=1"};
    command.insert(command.end(), overrides.begin(), overrides.end());
    return command;
  }

  static std::string recipe(const std::string& kind) {
    return source_path("configs/" + kind + "/" + GetParam() + ".yaml").string();
  }
  std::string corpus() const { return folder_ / "corpus"; }
  std::string data() const { return folder_ / "data"; }
  std::string run(const std::string& name) const { return folder_ / name; }

  test::ScratchFolder folder_;
};

TEST_P(ReferenceNetworks, TrainEndToEndAndGoOnFromTheirWeights) {
  succeed(train_command(run("first"), {}));
  const Json result = read_json(run("first") + "/result.json");
  const Json inspected =
      Json::parse(succeed({program("parlando-inspect"), run("first"), "--json"}).out);
  EXPECT_EQ(inspected.at("network").at("parameters").at("keras_total"), result.at("parameters"));
  succeed({program("parlando-evaluate"), "--run", run("first"), "--split-side", "validation"});

  succeed(train_command(run("second"),
                        {"start.from=" + run("first"), "start.freeze=[conv, norm, lstm]"}));
  const Json model = read_json(run("second") + "/model/model.json").at("parameters");
  EXPECT_EQ(model.at("total"), result.at("parameters"));
  EXPECT_LT(model.at("trainable"), inspected.at("network").at("parameters").at("trainable"));

  const ProcessResult refused = run_process(
      train_command(run("third"), {"start.from=" + run("first"), "model.lstm.hidden=8"}));
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("'lstm.forward.input_weight' is ["));
}

TEST_P(ReferenceNetworks, TrainMasked) {
  const std::vector<std::string> masked{"model.mask=true", "input.frames=0", "input.padding=batch"};
  succeed(train_command(run("masked"), masked));
  succeed({program("parlando-evaluate"), "--run", run("masked"), "--split-side", "validation"});
  const ProcessResult refused =
      run_process(train_command(run("unmasked"), {"input.padding=batch"}));
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("needs model.mask"));
}

INSTANTIATE_TEST_SUITE_P(, ReferenceNetworks, testing::Values("mfcc121", "stack187"));

}  // namespace
}  // namespace parlando
