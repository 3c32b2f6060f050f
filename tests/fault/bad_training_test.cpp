#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/small_dataset.h"
#include "tests/fault/small_disk.h"

namespace parlando::test {
namespace {

using testing::HasSubstr;

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

ProcessResult train(const SmallDataset& data, const std::filesystem::path& run, int ranks,
                    const std::vector<std::string>& keys) {
  std::vector<std::string> command = ranks > 1 ? mpirun(ranks) : std::vector<std::string>{};
  const std::vector<std::string> words = data.train_command(run, keys);
  command.insert(command.end(), words.begin(), words.end());
  return run_process(command, mpi_options());
}

/// Ends with this code and says this, once, on one rank as on two.
void expect_refused(const SmallDataset& data, const std::vector<std::string>& keys, int exit_code,
                    const std::string& message) {
  for (const int ranks : {1, 2}) {
    const ProcessResult result = train(data, data.folder() / "refused", ranks, keys);
    EXPECT_EQ(result.exit_code, exit_code) << result.err;
    EXPECT_THAT(result.err, HasSubstr(message));
    EXPECT_EQ(count_of(result.err, "parlando-train: "), 1u) << result.err;
  }
}

TEST(BadTraining, OneClassIsNothingToLearn) {
  const SmallDataset data({"classes.set=[happy]", "classes.others=leave-out"});
  expect_refused(data, {}, 3, "the training side has clips of one class only (happy)");
}

TEST(BadTraining, AWrongSplitOrInputIsNamedByItsKey) {
  const SmallDataset data;
  expect_refused(data, {"split.validation_fraction=0"}, 2, "split.validation_fraction");
  expect_refused(data, {"input.frames=2"}, 2, "more input.frames");
  expect_refused(data, {"input.memory=lots"}, 2, "input.memory: 'lots'");
  expect_refused(data, {"batch_size=-3"}, 2, "batch_size: -3 is out of range");
}

TEST(BadTraining, ARunThatTrainedNothingGivesWayToARightConfiguration) {
  const SmallDataset data;
  const std::filesystem::path run = data.folder() / "run";
  ASSERT_EQ(train(data, run, 1, {"input.frames=2"}).exit_code, 2);
  ASSERT_TRUE(std::filesystem::exists(run / "environment.json"));
  const ProcessResult right = train(data, run, 1, {"epochs=1"});
  EXPECT_EQ(right.exit_code, 0) << right.err;
  const ProcessResult other = train(data, run, 1, {"epochs=1", "seed=6"});
  EXPECT_EQ(other.exit_code, 4) << "but a trained one does not";
  EXPECT_THAT(other.err, HasSubstr("--replace"));
}

TEST(BadTraining, ADatasetThatHardlyFitsTheInputIsDoubted) {
  const SmallDataset data;
  const ProcessResult result =
      train(data, data.folder() / "run", 1, {"epochs=1", "input.frames=300"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("of the input is padding"));
  EXPECT_THAT(result.err, HasSubstr("the dataset of another recipe"));
  const ProcessResult usual = train(data, data.folder() / "usual", 1, {"epochs=1"});
  EXPECT_THAT(usual.err, testing::Not(HasSubstr("warning")));
}

TEST(BadTraining, AFullDiskEndsAllRanksWithItsNameAndTheRunContinuesWhenThereIsRoom) {
  const SmallDataset data;
  const std::filesystem::path target = data.folder() / "target";
  SmallDisk disk(target, std::size_t{140} << 10);
  if (!disk.unavailable().empty()) GTEST_SKIP() << disk.unavailable();
  const std::vector<std::string> keys{"epochs=4"};
  const ProcessResult full = train(data, target / "run", 2, keys);
  EXPECT_EQ(full.exit_code, 4) << full.err;
  EXPECT_THAT(full.err, HasSubstr((target / "run").string()));
  EXPECT_THAT(full.err, HasSubstr("No space left on device"));
  EXPECT_EQ(count_of(full.err, "parlando-train: "), 1u) << full.err;

  ASSERT_TRUE(disk.resize(std::size_t{16} << 20));
  const ProcessResult continued = train(data, target / "run", 2, keys);
  EXPECT_EQ(continued.exit_code, 0) << continued.err;
  EXPECT_THAT(continued.err, HasSubstr("continuing after epoch"));
  ASSERT_EQ(train(data, data.folder() / "whole", 2, keys).exit_code, 0);
  EXPECT_EQ(read_text(target / "run/model/model.safetensors"),
            read_text(data.folder() / "whole/model/model.safetensors"));
}

TEST(BadTraining, AReadOnlyFolderIsNamed) {
  const SmallDataset data;
  const std::filesystem::path target = data.folder() / "target";
  SmallDisk disk(target, std::size_t{1} << 20);
  if (!disk.unavailable().empty()) GTEST_SKIP() << disk.unavailable();
  ASSERT_TRUE(disk.set_read_only(true));
  for (const int ranks : {1, 2}) {
    const ProcessResult result = train(data, target / "run", ranks, {});
    EXPECT_EQ(result.exit_code, 4) << result.err;
    EXPECT_EQ(count_of(result.err, (target / "run").string() + ": cannot create folder"), 1u)
        << result.err;
  }
}

}  // namespace
}  // namespace parlando::test
