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

}  // namespace
}  // namespace parlando
