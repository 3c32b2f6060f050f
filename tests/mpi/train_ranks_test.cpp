#include <cmath>
#include <cstdint>
#include <cstring>

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

// Float32: the first steps have not had the time to amplify differences of the last bit.
constexpr double kFirstStepsTolerance = 1e-5;
constexpr std::size_t kFirstSteps = 20;
// Later ones may drift as far as a run does whose weights start one unit in the last place away.
constexpr double kDriftFactor = 3;

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

/// Moves every parameter of a safetensors file by one unit in the last place.
void move_by_one_ulp(const std::filesystem::path& file) {
  std::string bytes = read_file(file);
  std::uint64_t header = 0;
  std::memcpy(&header, bytes.data(), sizeof(header));
  for (const auto& [name, entry] : Json::parse(bytes.substr(sizeof(header), header)).items()) {
    if (name == "__metadata__" || entry["dtype"] != "F32") continue;
    const std::size_t begin = entry["data_offsets"][0], end = entry["data_offsets"][1];
    for (std::size_t at = begin; at < end; at += sizeof(float)) {
      char* place = bytes.data() + sizeof(header) + header + at;
      float value = 0;
      std::memcpy(&value, place, sizeof(value));
      value = std::nextafter(value, 2 * value + 1);
      std::memcpy(place, &value, sizeof(value));
    }
  }
  write_file_atomically(file, bytes);
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

  /// A batch that two, three and four ranks can't divide, and that leaves a last one of one or two
  /// samples: fewer than ranks.
  std::string uneven_batch() const {
    for (std::int64_t size = 17;; ++size) {
      const std::int64_t last = data_.training_samples() % size;
      if (size % 2 != 0 && size % 3 != 0 && (last == 1 || last == 2))
        return "batch_size=" + std::to_string(size);
    }
  }

  test::SmallDataset data_;
};

TEST_F(TrainRanks, GiveTheSameNumbersForOneToFourRanks) {
  const std::vector<std::string> overrides{
      "precision=float64",         "epochs=3",    "threads=1", "log_steps=true",
      "distributed.check_every=7", uneven_batch()};
  const std::filesystem::path one = train("1", 1, overrides);
  const std::vector<Json> reference = lines_of(one / "metrics.jsonl");
  const std::vector<double> reference_losses = losses_of(one);
  ASSERT_EQ(reference.size(), 3u);
  ASSERT_GT(reference_losses.size(), 20u);
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

TEST_F(TrainRanks, DriftNoFurtherInFloat32ThanAnUlpOfTheInitialWeights) {
  std::vector<std::string> overrides{"epochs=4", "threads=1", "log_steps=true", uneven_batch()};
  const std::filesystem::path initial =
      train("initial", 1, {"epochs=1", "threads=1", "optimizer.learning_rate=0"}) / "model";
  overrides.push_back("start.from=" + initial.string());
  const std::vector<double> reference = losses_of(train("1", 1, overrides));
  const std::vector<double> two = losses_of(train("2", 2, overrides));
  const std::vector<double> three = losses_of(train("3", 3, overrides));
  move_by_one_ulp(initial / "model.safetensors");
  const std::vector<double> moved = losses_of(train("moved", 1, overrides));
  ASSERT_EQ(two.size(), reference.size());
  ASSERT_EQ(three.size(), reference.size());
  ASSERT_EQ(moved.size(), reference.size());
  ASSERT_GT(reference.size(), 2 * kFirstSteps);
  // How far the moved run has come at most up to a step.
  double drift = 0;
  for (std::size_t i = 0; i < reference.size(); ++i) {
    drift = std::max(drift, std::abs(moved[i] - reference[i]));
    const double allowed = i < kFirstSteps ? kFirstStepsTolerance : kDriftFactor * drift;
    EXPECT_NEAR(two[i], reference[i], allowed) << "2 ranks, step " << i + 1;
    EXPECT_NEAR(three[i], reference[i], allowed) << "3 ranks, step " << i + 1;
  }
  EXPECT_GT(drift, 0);
}

TEST_F(TrainRanks, GiveIdenticalBitsWithMicroShards) {
  const std::vector<std::string> overrides{"epochs=3", "distributed.micro_shards=4", uneven_batch(),
                                           "log_steps=true"};
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
  const std::vector<std::string> overrides{"epochs=1", "threads=1", uneven_batch()};
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
