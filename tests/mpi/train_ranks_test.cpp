#include <cmath>

#include "common/io/atomic_file.h"
#include "tests/mpi/ranked_runs.h"
#include "tests/support/process.h"

namespace parlando {
namespace {

// Float64 sums of a few hundred values differ by about 1e-13 with the order of the ranks; three
// epochs of Adam amplify that. Anything real (a sample twice, a mask by rank) is 1e-4 and more.
constexpr double kTolerance = 1e-9;

using test::json_lines;
using test::losses_of;

using TrainRanks = test::RankedRuns;

/// Samples, their order and what augmentation made of them, bit for bit.
void expect_same_batches(const std::filesystem::path& run, const std::filesystem::path& reference) {
  const std::vector<Json> a = json_lines(run / "steps.jsonl");
  const std::vector<Json> b = json_lines(reference / "steps.jsonl");
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i]["batch"], b[i]["batch"]) << i + 1;
}

TEST_F(TrainRanks, GiveTheSameNumbersForOneToFourRanks) {
  const std::vector<std::string> overrides =
      recipe({"precision=float64", "epochs=3", "distributed.check_every=7"});
  const std::filesystem::path one = train("1", 1, overrides);
  const std::vector<Json> reference = json_lines(one / "metrics.jsonl");
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
    expect_same_batches(run, one);
    const std::vector<Json> lines = json_lines(run / "metrics.jsonl");
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

/// Convolutions by minimal filtering, whose weights' gradients are sums over groups of samples.
TEST_F(TrainRanks, GiveIdenticalBitsWithMicroShardsInOneDimension) {
  const std::vector<std::string> overrides{
      "epochs=1",
      "threads=1",
      "log_steps=true",
      "distributed.micro_shards=4",
      "model.conv_dimensions=1",
      "model.conv=[{filters: 24, kernel: 5, padding: valid, pool: 1}, {filters: 20, kernel: 5}]"};
  const std::filesystem::path one = train("1", 1, overrides);
  for (const int ranks : {2, 4}) {
    const std::filesystem::path run = train(std::to_string(ranks), ranks, overrides);
    EXPECT_EQ(losses_of(run), losses_of(one)) << ranks;
    EXPECT_TRUE(read_file(run / "model" / "model.safetensors") ==
                read_file(one / "model" / "model.safetensors"))
        << ranks << " ranks have other parameters";
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
      std::isfinite(json_lines(run / "metrics.jsonl").at(0)["validation_loss"].get<double>()));
}

}  // namespace
}  // namespace parlando
