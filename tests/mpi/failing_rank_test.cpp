#include <gtest/gtest.h>

#include "tests/e2e/small_dataset.h"
#include "tests/support/process.h"

namespace parlando {
namespace {

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

TEST(TrainUnderMpirun, SaysAConfigurationErrorOnceAndExitsWithItsCode) {
  const test::SmallDataset data;
  std::vector<std::string> command = test::mpirun(2);
  const std::vector<std::string> train = data.train_command(data.folder() / "run", {"epoch=3"});
  command.insert(command.end(), train.begin(), train.end());
  const test::ProcessResult result = test::run_process(command, test::mpi_options());
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(count_of(result.err, "unknown key 'epoch'"), 1u) << result.err;
}

/// mpirun with a command of its own for each of two ranks.
test::ProcessResult run_two(const std::vector<std::string>& first,
                            const std::vector<std::string>& second) {
  std::vector<std::string> command = test::mpirun(1);
  command.insert(command.end(), first.begin(), first.end());
  command.insert(command.end(), {":", "-np", "1"});
  command.insert(command.end(), second.begin(), second.end());
  return test::run_process(command, test::mpi_options());
}

TEST(TrainUnderMpirun, RefusesRanksWithDifferentConfigurations) {
  const test::SmallDataset data;
  const std::filesystem::path run = data.folder() / "run";
  const test::ProcessResult result =
      run_two(data.train_command(run, {"seed=1"}), data.train_command(run, {"seed=2"}));
  EXPECT_EQ(result.exit_code, 5) << result.err;
  EXPECT_EQ(count_of(result.err, "rank 1 has another configuration"), 1u) << result.err;
}

TEST(TrainUnderMpirun, LetsARankSpeakThatAloneHasAWrongArgument) {
  const test::SmallDataset data;
  const std::filesystem::path run = data.folder() / "run";
  const test::ProcessResult result =
      run_two(data.train_command(run, {}), data.train_command(run, {"epoch=2"}));
  EXPECT_EQ(result.exit_code, 2) << result.err;
  EXPECT_EQ(count_of(result.err, "unknown key 'epoch'"), 1u) << result.err;
}

TEST(TrainUnderMpirun, SaysAMissingDatasetOnceAndExitsWithItsCode) {
  const test::SmallDataset data;
  std::vector<std::string> command = test::mpirun(3);
  for (const std::string& part :
       {test::program("parlando-train"), std::string("--config"), data.config().string(),
        std::string("--data"), (data.folder() / "absent").string(), std::string("--run"),
        (data.folder() / "run").string()}) {
    command.push_back(part);
  }
  const test::ProcessResult result = test::run_process(command, test::mpi_options());
  EXPECT_EQ(result.exit_code, 4) << result.err;
  EXPECT_EQ(count_of(result.err, "parlando-train: "), 1u) << result.err;
}

TEST(TrainUnderMpirun, NamesADamagedShardOnceWhicheverRankChecksIt) {
  const test::SmallDataset data({"shard_bytes=100000"});
  for (const char* shard : {"shard-00000.h5", "shard-00001.h5"}) {
    const std::string whole = test::read_text(data.data() / shard);
    test::damage(data.data() / shard);
    std::vector<std::string> command = test::mpirun(2);
    const std::vector<std::string> train = data.train_command(data.folder() / "run", {});
    command.insert(command.end(), train.begin(), train.end());
    const test::ProcessResult result = test::run_process(command, test::mpi_options());
    EXPECT_EQ(result.exit_code, 4) << result.err;
    EXPECT_EQ(count_of(result.err, std::string(shard) + ": damaged"), 1u) << result.err;
    test::write_text(data.data() / shard, whole);
  }
}

}  // namespace
}  // namespace parlando
