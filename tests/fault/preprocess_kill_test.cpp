#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/fault/preprocess_command.h"
#include "tests/support/process.h"
#include "tests/support/running_process.h"
#include "tests/support/scratch_folder.h"

namespace parlando::test {
namespace {

/// Starts preprocessing, sends a signal once `shards` shards are durable, and returns the exit
/// code.
int interrupt(const std::vector<std::string>& command, const std::filesystem::path& dataset,
              int shards, int signal_number, const std::filesystem::path& log) {
  RunningProcess process(command, log);
  while (process.running() && durable_shards(dataset) < shards) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  process.signal(signal_number);
  return process.wait();
}

class PreprocessKillTest : public testing::Test {
 protected:
  PreprocessKillTest() : corpus_(make_corpus(folder_ / "corpus")) {
    const ProcessResult whole = run_process(preprocess_command(corpus_, folder_ / "whole"));
    EXPECT_EQ(whole.exit_code, 0) << whole.err;
  }

  void expect_continues() {
    const int before = durable_shards(dataset());
    EXPECT_FALSE(std::filesystem::exists(dataset() / "manifest.json"));
    const ProcessResult result = run_process(preprocess_command(corpus_, dataset()));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_THAT(result.err, testing::HasSubstr(" shards are kept from before"));
    EXPECT_GT(before, 0);
    EXPECT_EQ(dataset_files(dataset()) == dataset_files(folder_ / "whole"), true);
  }

  std::filesystem::path dataset() const { return folder_ / "dataset"; }
  std::filesystem::path log() const { return folder_ / "log.txt"; }

  ScratchFolder folder_;
  std::filesystem::path corpus_;
};

TEST_F(PreprocessKillTest, AKilledRunContinuesToTheSameBytes) {
  const auto command = preprocess_command(corpus_, dataset());
  ASSERT_EQ(interrupt(command, dataset(), 2, SIGKILL, log()), 128 + SIGKILL) << read_text(log());
  expect_continues();
}

TEST_F(PreprocessKillTest, ARunKilledTwiceContinuesToTheSameBytes) {
  const auto command = preprocess_command(corpus_, dataset());
  ASSERT_EQ(interrupt(command, dataset(), 1, SIGKILL, log()), 128 + SIGKILL) << read_text(log());
  ASSERT_EQ(interrupt(command, dataset(), 4, SIGKILL, log()), 128 + SIGKILL) << read_text(log());
  expect_continues();
}

TEST_F(PreprocessKillTest, TermEndsQuicklyWithFinishedShardsDurable) {
  const auto command = preprocess_command(corpus_, dataset());
  RunningProcess process(command, log());
  while (process.running() && durable_shards(dataset()) < 2) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  const auto start = std::chrono::steady_clock::now();
  process.signal(SIGTERM);
  ASSERT_EQ(process.wait(), 85) << read_text(log());
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  EXPECT_THAT(read_text(log()), testing::HasSubstr("run the same command again to continue"));
  expect_continues();
}

TEST_F(PreprocessKillTest, AShardThatSomebodyRemovesMeanwhileIsNotPromised) {
  const auto command = preprocess_command(corpus_, dataset());
  RunningProcess process(command, log());
  while (process.running() && durable_shards(dataset()) < 2) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  std::filesystem::remove(dataset() / "shard-00000.h5");
  EXPECT_EQ(process.wait(), 4) << read_text(log());
  EXPECT_THAT(read_text(log()), testing::HasSubstr("shard-00000.h5"));
  expect_continues();
}

TEST_F(PreprocessKillTest, TwoAtOnceDoNotMix) {
  const auto command = preprocess_command(corpus_, dataset());
  RunningProcess first(command, log());
  while (first.running() && durable_shards(dataset()) < 1) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  const ProcessResult second = run_process(command);
  EXPECT_EQ(second.exit_code, 4);
  EXPECT_THAT(second.err, testing::HasSubstr("another process"));
  EXPECT_EQ(first.wait(), 0) << read_text(log());
  EXPECT_EQ(dataset_files(dataset()) == dataset_files(folder_ / "whole"), true);
}

}  // namespace
}  // namespace parlando::test
