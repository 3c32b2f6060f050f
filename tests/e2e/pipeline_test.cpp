#include <algorithm>
#include <chrono>

#include <gtest/gtest.h>

#include "common/core/text.h"
#include "common/io/atomic_file.h"
#include "common/io/json.h"
#include "tests/e2e/small_dataset.h"

namespace parlando {
namespace {

using test::ProcessResult;
using test::program;
using test::run_process;

class Pipeline : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    data = std::make_unique<test::SmallDataset>();
    const ProcessResult result = run_process(data->train_command(data->folder() / "run", {}));
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }
  static void TearDownTestSuite() { data.reset(); }

  static std::filesystem::path run() { return data->folder() / "run"; }

  static std::unique_ptr<test::SmallDataset> data;
};

std::unique_ptr<test::SmallDataset> Pipeline::data;

TEST_F(Pipeline, WritesEveryFileOfARun) {
  for (const char* name : {"config.yaml", "environment.json", "split.json", "metrics.jsonl",
                           "result.json", "predictions-test.jsonl", "test_reads.jsonl",
                           "model/model.safetensors", "model/model.json", "report/index.html"}) {
    EXPECT_TRUE(std::filesystem::exists(run() / name)) << name;
  }
}

TEST_F(Pipeline, StatesTheResultInFull) {
  const Json result = read_json(run() / "result.json");
  for (const char* key : {"accuracy", "uar", "macro_f1", "weighted_f1"}) {
    const double value = result.at(key).at("value").get<double>();
    EXPECT_LE(result.at(key).at("ci95").at(0).get<double>(), value) << key;
    EXPECT_GE(result.at(key).at("ci95").at(1).get<double>(), value) << key;
  }
  std::int64_t counted = 0;
  for (const Json& row : result.at("confusion")) {
    for (const Json& count : row) counted += count.get<std::int64_t>();
  }
  EXPECT_EQ(counted, result.at("n_test").get<std::int64_t>());
  EXPECT_TRUE(result.at("corpus").at("synthetic").get<bool>());
  for (const char* key :
       {"per_class", "seed", "split", "epochs", "best_epoch", "train_seconds", "samples_per_second",
        "world_size", "parameters", "config_hash", "data_hash", "version"}) {
    EXPECT_TRUE(result.contains(key)) << key;
  }
}

TEST_F(Pipeline, ReadsTheTestSideOnceAndLogsIt) {
  const std::vector<std::string> lines = split_text(read_file(run() / "test_reads.jsonl"), '\n');
  ASSERT_EQ(lines.size(), 2u) << "one line and its end";
  EXPECT_EQ(Json::parse(lines[0]).at("verb"), "train");
}

TEST_F(Pipeline, EvaluatesTheSavedModelToTheSameProbabilities) {
  const std::string trained = read_file(run() / "predictions-test.jsonl");
  const std::filesystem::path copy = data->folder() / "copy";
  std::filesystem::copy(run(), copy, std::filesystem::copy_options::recursive);
  const ProcessResult result =
      run_process({program("parlando-evaluate"), "--run", copy.string(), "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(read_file(copy / "predictions-test.jsonl"), trained);
  EXPECT_EQ(Json::parse(result.out).at("accuracy"),
            read_json(run() / "result.json").at("accuracy"));
  const std::vector<std::string> reads = split_text(read_file(copy / "test_reads.jsonl"), '\n');
  ASSERT_EQ(reads.size(), 3u);
  EXPECT_EQ(Json::parse(reads[1]).at("verb"), "evaluate");
}

TEST_F(Pipeline, EvaluatesOtherSidesWithoutReadingTheTestSide) {
  const std::string before = read_file(run() / "test_reads.jsonl");
  const ProcessResult result = run_process({program("parlando-evaluate"), "--run", run().string(),
                                            "--split-side", "validation", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(read_file(run() / "test_reads.jsonl"), before);
  EXPECT_TRUE(std::filesystem::exists(run() / "predictions-validation.jsonl"));
}

TEST_F(Pipeline, LeavesAFinishedRunAloneWithinASecond) {
  const std::string before = read_file(run() / "result.json");
  // The fastest of three: another test may have the machine for a moment.
  double seconds = 1e9;
  for (int i = 0; i < 3; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const ProcessResult result = run_process(data->train_command(run(), {}));
    seconds = std::min(
        seconds, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_NE(result.err.find("already finished"), std::string::npos) << result.err;
  }
  EXPECT_EQ(read_file(run() / "result.json"), before);
  EXPECT_LT(seconds, 1.0);
}

TEST_F(Pipeline, RefusesAChangedKeyUntilToldToReplace) {
  const std::filesystem::path copy = data->folder() / "changed";
  std::filesystem::copy(run(), copy, std::filesystem::copy_options::recursive);
  const ProcessResult refused = run_process(data->train_command(copy, {"seed=6"}));
  EXPECT_EQ(refused.exit_code, 4);
  EXPECT_NE(refused.err.find("another configuration"), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("seed is 5 there and 6 here"), std::string::npos) << refused.err;
  EXPECT_TRUE(std::filesystem::exists(copy / "result.json"));
  const ProcessResult replaced = run_process(data->train_command(copy, {"seed=6", "--replace"}));
  EXPECT_EQ(replaced.exit_code, 0) << replaced.err;
  EXPECT_EQ(read_json(copy / "result.json").at("seed"), 6);
}

TEST_F(Pipeline, LeavesFilesThatAreNotItsOwnAlone) {
  const std::filesystem::path folder = data->folder() / "mine";
  test::write_text(folder / "config.yaml", "epochs: 3  # mine\n");
  const ProcessResult refused = run_process(data->train_command(folder, {}));
  EXPECT_EQ(refused.exit_code, 4) << refused.err;
  EXPECT_EQ(read_file(folder / "config.yaml"), "epochs: 3  # mine\n");

  const std::filesystem::path copy = data->folder() / "with-notes";
  std::filesystem::copy(run(), copy, std::filesystem::copy_options::recursive);
  test::write_text(copy / "other-run/result.json", "kept");
  const ProcessResult replaced =
      run_process(data->train_command(copy, {"seed=8", "epochs=1", "--replace"}));
  EXPECT_EQ(replaced.exit_code, 0) << replaced.err;
  EXPECT_EQ(read_file(copy / "other-run/result.json"), "kept");
}

TEST_F(Pipeline, RestoresTheReportAndTheModelOfAFinishedRun) {
  const std::filesystem::path copy = data->folder() / "without";
  std::filesystem::copy(run(), copy, std::filesystem::copy_options::recursive);
  std::filesystem::remove_all(copy / "report");
  EXPECT_EQ(run_process(data->train_command(copy, {})).exit_code, 0);
  EXPECT_TRUE(std::filesystem::exists(copy / "report/index.html"));
  std::filesystem::remove_all(copy / "model");
  EXPECT_EQ(run_process(data->train_command(copy, {})).exit_code, 0);
  EXPECT_EQ(read_file(copy / "model/model.safetensors"),
            read_file(run() / "model/model.safetensors"));
}

TEST_F(Pipeline, RefusesADatasetWhoseCorpusWasEdited) {
  const std::filesystem::path copy = data->folder() / "edited";
  std::filesystem::copy(data->data(), copy, std::filesystem::copy_options::recursive);
  std::string corpus = read_file(copy / "corpus.jsonl");
  const std::size_t at = corpus.find("\"speaker\":\"01\"");
  ASSERT_NE(at, std::string::npos);
  corpus.replace(at, 14, "\"speaker\":\"09\"");
  test::write_text(copy / "corpus.jsonl", corpus);
  std::vector<std::string> command = data->train_command(data->folder() / "on-edited", {});
  std::ranges::replace(command, data->data().string(), copy.string());
  const ProcessResult result = run_process(command);
  EXPECT_EQ(result.exit_code, 4) << result.err;
  EXPECT_NE(result.err.find("preprocess"), std::string::npos) << result.err;
}

TEST_F(Pipeline, DividesAnewWithAnotherSplitSeed) {
  const std::filesystem::path other = data->folder() / "other-split";
  const ProcessResult result =
      run_process(data->train_command(other, {"split.seed=7", "epochs=1"}));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json own = read_json(run() / "split.json"), anew = read_json(other / "split.json");
  EXPECT_NE(own.at("test"), anew.at("test"));
  EXPECT_EQ(read_json(other / "result.json").at("split").at("seed"), 7);
}

TEST_F(Pipeline, RefusesAWeightForAClassThatDoesNotExist) {
  const ProcessResult result = run_process(
      data->train_command(data->folder() / "wrong", {"loss.class_weight_factors.bored=2"}));
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.err.find("'bored'"), std::string::npos) << result.err;
}

TEST_F(Pipeline, GivesExitCode4ForADamagedModel) {
  const std::filesystem::path copy = data->folder() / "damaged";
  std::filesystem::copy(run(), copy, std::filesystem::copy_options::recursive);
  std::filesystem::resize_file(copy / "model/model.safetensors", 1000);
  const ProcessResult result = run_process({program("parlando-evaluate"), "--run", copy.string()});
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_NE(result.err.find("model.safetensors"), std::string::npos) << result.err;
}

constexpr const char* kPython = R"(
import json, sys
from safetensors.numpy import load_file
tensors = load_file(sys.argv[1] + "/model.safetensors")
description = json.load(open(sys.argv[1] + "/model.json"))
trained = sum(t.size for n, t in tensors.items() if "running" not in n and "normalization" not in n)
assert trained == description["parameters"]["trainable"], trained
assert tensors["normalization.mean"].shape == (64, 16)
print("ok")
)";

TEST_F(Pipeline, WritesAModelThatTheSafetensorsPackageReads) {
  const char* python = std::getenv("PARLANDO_PYTHON");
  if (python == nullptr || !std::filesystem::exists(python)) {
    GTEST_SKIP() << "no Python with safetensors; name one in PARLANDO_PYTHON";
  }
  const ProcessResult result = run_process({python, "-c", kPython, (run() / "model").string()});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "ok\n");
}

}  // namespace
}  // namespace parlando
