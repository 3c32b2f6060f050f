#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/io/json.h"
#include "tests/e2e/small_dataset.h"

namespace parlando {
namespace {

using test::ProcessResult;
using test::program;
using test::run_process;
using ::testing::HasSubstr;

class Measure : public testing::Test {
 protected:
  static void SetUpTestSuite() { data = std::make_unique<test::SmallDataset>(); }
  static void TearDownTestSuite() { data.reset(); }

  /// parlando-train without a run folder.
  static ProcessResult train(const std::vector<std::string>& options, int ranks = 1) {
    std::vector<std::string> command = ranks > 1 ? test::mpirun(ranks) : std::vector<std::string>{};
    command.insert(command.end(), {program("parlando-train"), "--config", data->config().string(),
                                   "--data", data->data().string()});
    command.insert(command.end(), options.begin(), options.end());
    test::ProcessOptions process = test::mpi_options();
    process.folder = data->folder();
    return run_process(command, process);
  }

  static std::size_t files() {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry :
         std::filesystem::recursive_directory_iterator(data->folder())) {
      ++count;
    }
    return count;
  }

  static std::unique_ptr<test::SmallDataset> data;
};

std::unique_ptr<test::SmallDataset> Measure::data;

TEST_F(Measure, DryRunSaysWhatARunWouldBeAndWritesNothing) {
  const std::size_t before = files();
  const ProcessResult result = train({"--dry-run", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(files(), before);
  const Json run = Json::parse(result.out);
  EXPECT_EQ(run.at("training_samples"), data->training_samples());
  const std::int64_t samples = data->training_samples();
  EXPECT_EQ(run.at("steps_per_epoch"), (samples + 12) / 13);
  const Json& network = run.at("network");
  EXPECT_EQ(network.front().at("shape"), Json({13, 64, 16}));
  EXPECT_EQ(network.back().at("shape").at(0), 13);
  EXPECT_EQ(network.back().at("shape").at(1),
            read_json(data->data() / "manifest.json").at("classes").size());
  EXPECT_GE(network.size(), 5u);

  const std::int64_t trainable = run.at("parameters").at("trainable");
  const std::int64_t keras = run.at("parameters").at("keras");
  EXPECT_EQ(keras - trainable, 2 * (4 + 6)) << "moving mean and variance of two norms";
  const Json& memory = run.at("memory_bytes");
  EXPECT_EQ(memory.at("parameters"), 4 * trainable);
  EXPECT_GE(memory.at("optimizer_and_best_weights").get<std::int64_t>(), 3 * 4 * trainable);
  // The first convolution's output, at least, is kept for backward.
  EXPECT_GE(memory.at("activations").get<std::int64_t>(), 13 * 4 * 64 * 16);
  EXPECT_GT(memory.at("features").get<std::int64_t>(), 0);
  EXPECT_GT(memory.at("program").get<std::int64_t>(), std::int64_t{30} << 20) << "libtorch alone";
  EXPECT_GT(memory.at("total").get<std::int64_t>(),
            memory.at("program").get<std::int64_t>() + memory.at("features").get<std::int64_t>());
  const Json& time = run.at("time");
  EXPECT_GT(time.at("step_seconds").get<double>(), 0);
  EXPECT_GE(time.at("all_epochs_seconds").get<double>(), time.at("epoch_seconds").get<double>());
  EXPECT_GE(time.at("epoch_seconds").get<double>(),
            time.at("step_seconds").get<double>() * run.at("steps_per_epoch").get<double>());
}

TEST_F(Measure, DryRunIsReadable) {
  const ProcessResult result = train({"--dry-run"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("13 x 64 x 16"));
  EXPECT_THAT(result.out, HasSubstr("as Keras counts"));
  EXPECT_THAT(result.out, HasSubstr("samples/s"));
}

double share_of(const Json& profile, const std::string& name) {
  for (const Json& phase : profile.at("phases")) {
    if (phase.at("phase") == name) return phase.at("share").get<double>();
  }
  ADD_FAILURE() << name << " is no phase of " << profile.at("phases").dump();
  return 0;
}

TEST_F(Measure, ProfileSaysWhereTheTimeGoesAndWritesNothing) {
  const std::size_t before = files();
  for (const int ranks : {1, 2}) {
    const ProcessResult result = train({"--profile", "8", "--json", "threads=1"}, ranks);
    ASSERT_EQ(result.exit_code, 0) << result.err;
    const Json profile = Json::parse(result.out);
    EXPECT_EQ(profile.at("steps"), 8);
    EXPECT_EQ(profile.at("world_size"), ranks);
    double sum = 0;
    for (const Json& phase : profile.at("phases")) {
      sum += phase.at("share").get<double>();
      EXPECT_LE(phase.at("seconds").get<double>(),
                phase.at("slowest_rank_seconds").get<double>() + 1e-12);
    }
    EXPECT_NEAR(sum, 1, 1e-9);
    EXPECT_GT(share_of(profile, "backward"), 0.05);
    EXPECT_GT(share_of(profile, "lstm"), 0);
    EXPECT_GE(share_of(profile, "data wait"), 0);
    EXPECT_GE(share_of(profile, "gradient wait"), 0);
    EXPECT_GT(share_of(profile, "optimiser"), 0);
  }
  EXPECT_EQ(files(), before);
}

TEST_F(Measure, ProfileIsATable) {
  const ProcessResult result = train({"--profile", "2"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("forward: lstm"));
  EXPECT_THAT(result.out, HasSubstr("100.0 %"));
}

TEST_F(Measure, TrainingNeedsARunFolder) {
  const ProcessResult result = train({});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("--run"));
}

TEST_F(Measure, BenchScalingComparesLayouts) {
  const ProcessResult result = run_process({program("parlando-bench"),
                                            "scaling",
                                            "--config",
                                            data->config().string(),
                                            "--data",
                                            data->data().string(),
                                            "--ranks",
                                            "1,2",
                                            "--threads",
                                            "1",
                                            "--cores",
                                            "2",
                                            "--steps",
                                            "3",
                                            "--repeats",
                                            "1",
                                            "--launcher",
                                            "mpirun",
                                            "--json",
                                            "seed=3"},
                                           test::mpi_options());
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json scaling = Json::parse(result.out);
  for (const char* kind : {"strong", "weak"}) {
    const Json& rows = scaling.at(kind);
    ASSERT_EQ(rows.size(), 2u) << kind;
    EXPECT_EQ(rows[0].at("efficiency"), 1.0);
    EXPECT_EQ(rows[1].at("ranks"), 2);
    EXPECT_EQ(rows[1].at("batch_size"), kind == std::string("weak") ? 26 : 13);
    EXPECT_NEAR(rows[1].at("efficiency").get<double>(),
                rows[1].at("samples_per_second").get<double>() /
                    rows[0].at("samples_per_second").get<double>() / 2,
                1e-9);
  }
}

TEST_F(Measure, BenchScalingRepeatsWhatAFailedRunSaid) {
  const ProcessResult result = run_process({program("parlando-bench"), "scaling", "--config",
                                            data->config().string(), "--data", "/nowhere"});
  EXPECT_EQ(result.exit_code, 5);
  EXPECT_THAT(result.err, HasSubstr("no manifest.json"));
}

}  // namespace
}  // namespace parlando
