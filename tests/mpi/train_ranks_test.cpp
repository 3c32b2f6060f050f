#include <cmath>
#include <cstdint>

#include <gtest/gtest.h>

#include "common/core/text.h"
#include "common/io/atomic_file.h"
#include "common/io/json.h"
#include "tests/e2e/small_dataset.h"
#include "tests/support/process.h"

namespace parlando {
namespace {

// Float64 sums of a few hundred values differ by about 1e-13 with the order of the ranks; three
// epochs of Adam amplify that. Anything real (a sample twice, a mask by rank) is 1e-4 and more.
constexpr double kTolerance = 1e-9;

std::vector<Json> lines_of(const std::filesystem::path& path) {
  std::vector<Json> lines;
  for (const std::string& line : split_text(read_file(path), '\n')) {
    if (!line.empty()) lines.push_back(Json::parse(line));
  }
  return lines;
}

std::vector<double> losses_of(const std::filesystem::path& run) {
  std::vector<double> losses;
  for (const Json& line : lines_of(run / "steps.jsonl")) losses.push_back(line["loss"]);
  return losses;
}

class TrainRanks : public testing::Test {
 protected:
  /// Trains in run folder `name`; `ranks` by mpirun if it is more than 1.
  std::filesystem::path train(const std::string& name, int ranks,
                              const std::vector<std::string>& overrides) const {
    return start(name, ranks > 1 ? test::mpirun(ranks) : std::vector<std::string>{}, overrides);
  }
  std::filesystem::path start(const std::string& name, std::vector<std::string> command,
                              const std::vector<std::string>& overrides) const {
    const std::filesystem::path run = data_.folder() / name;
    const std::vector<std::string> train = data_.train_command(run, overrides);
    command.insert(command.end(), train.begin(), train.end());
    const test::ProcessResult result = test::run_process(command, test::mpi_options());
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return run;
  }

  /// All of a recipe's options, with a batch that two, three and four ranks can't divide, and that
  /// leaves a last one of one or two samples: fewer than ranks.
  std::vector<std::string> recipe(const std::vector<std::string>& more) const {
    std::vector<std::string> options = test::all_recipe_options();
    options.insert(options.end(), {"threads=1", "log_steps=true"});
    std::vector<std::string> probe = options;
    probe.emplace_back("epochs=1");
    std::int64_t samples = 0;
    for (const Json& line : lines_of(train("probe", 1, probe) / "steps.jsonl"))
      samples += line["samples"].get<std::int64_t>();
    std::int64_t size = 5;
    while (size % 2 == 0 || size % 3 == 0 || samples % size == 0 || samples % size > 2) ++size;
    options.push_back("batch_size=" + std::to_string(size));
    options.insert(options.end(), more.begin(), more.end());
    return options;
  }

  test::SmallDataset data_;
};

TEST_F(TrainRanks, GiveTheSameNumbersForOneToFourRanks) {
  const std::vector<std::string> overrides =
      recipe({"precision=float64", "epochs=3", "distributed.check_every=7"});
  const std::filesystem::path one = train("1", 1, overrides);
  const std::vector<Json> reference = lines_of(one / "metrics.jsonl");
  const std::vector<double> reference_losses = losses_of(one);
  ASSERT_EQ(reference.size(), 3u);
  ASSERT_GT(reference_losses.size(), 8u);
  for (const int ranks : {2, 3, 4}) {
    const std::filesystem::path run = train(std::to_string(ranks), ranks, overrides);
    const std::vector<double> losses = losses_of(run);
    ASSERT_EQ(losses.size(), reference_losses.size());
    for (std::size_t i = 0; i < losses.size(); ++i) {
      EXPECT_NEAR(losses[i], reference_losses[i], kTolerance) << ranks << " ranks, step " << i + 1;
    }
    const std::vector<Json> lines = lines_of(run / "metrics.jsonl");
    ASSERT_EQ(lines.size(), reference.size()) << "rank 0 alone writes";
    for (std::size_t i = 0; i < lines.size(); ++i) {
      for (const char* key :
           {"train_loss", "train_accuracy", "validation_loss", "validation_accuracy"}) {
        EXPECT_NEAR(lines[i][key].get<double>(), reference[i][key].get<double>(), kTolerance)
            << ranks << " ranks, epoch " << i + 1 << ", " << key;
      }
    }
    const Json result = read_json(run / "result.json");
    EXPECT_EQ(result["world_size"], ranks);
    EXPECT_EQ(result["confusion"], read_json(one / "result.json")["confusion"]);
  }
}

TEST_F(TrainRanks, GiveIdenticalBitsWithMicroShards) {
  const std::vector<std::string> overrides = recipe({"epochs=3", "distributed.micro_shards=4"});
  const std::filesystem::path one = train("1", 1, overrides);
  const std::string parameters = read_file(one / "model" / "model.safetensors");
  for (const int ranks : {2, 4}) {
    const std::filesystem::path run = train(std::to_string(ranks), ranks, overrides);
    EXPECT_EQ(losses_of(run), losses_of(one)) << ranks;
    EXPECT_TRUE(read_file(run / "model" / "model.safetensors") == parameters)
        << ranks << " ranks have other parameters";
    EXPECT_EQ(read_file(run / "predictions-test.jsonl"), read_file(one / "predictions-test.jsonl"));
  }
}

TEST_F(TrainRanks, RefuseMicroShardsThatTheyDoNotDivide) {
  std::vector<std::string> command = test::mpirun(3);
  const std::vector<std::string> train =
      data_.train_command(data_.folder() / "run", {"distributed.micro_shards=4"});
  command.insert(command.end(), train.begin(), train.end());
  const test::ProcessResult result = test::run_process(command, test::mpi_options());
  EXPECT_EQ(result.exit_code, 2) << result.err;
  EXPECT_NE(result.err.find("a power of two that the number of ranks divides"), std::string::npos)
      << result.err;
}

TEST_F(TrainRanks, GiveTheSameBitsOverTcpAsOverMpi) {
  const std::vector<std::string> overrides{"epochs=1", "threads=1"};
  const std::filesystem::path mpi = train("mpi", 2, overrides);
  const std::filesystem::path tcp =
      start("tcp", {test::source_path("tests/mpi/start_ranks.sh").string(), "2"}, overrides);
  EXPECT_EQ(read_json(tcp / "result.json")["world_size"], 2);
  EXPECT_TRUE(read_file(tcp / "model" / "model.safetensors") ==
              read_file(mpi / "model" / "model.safetensors"));
}

TEST_F(TrainRanks, WithoutSyncBatchNormStillEndAndAgree) {
  const std::filesystem::path run = train(
      "run", 2, {"epochs=1", "threads=1", "sync_batch_norm=false", "distributed.check_every=0"});
  EXPECT_TRUE(
      std::isfinite(lines_of(run / "metrics.jsonl").at(0)["validation_loss"].get<double>()));
}

}  // namespace
}  // namespace parlando
