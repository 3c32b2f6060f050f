#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
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

using testing::HasSubstr;

/// A corpus that one thread processes in a moment, and what one process makes of it.
class PreprocessWorkersTest : public testing::Test {
 protected:
  PreprocessWorkersTest() : corpus_(make_corpus(folder_ / "corpus", 96)) {
    const auto start = std::chrono::steady_clock::now();
    const ProcessResult result = run_process(command(folder_ / "whole"));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    duration_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    whole_ = dataset_files(folder_ / "whole");
    EXPECT_GT(whole_.size(), 5U);
  }

  std::vector<std::string> command(const std::filesystem::path& dataset,
                                   const std::vector<std::string>& more = {}) const {
    std::vector<std::string> all = preprocess_command(corpus_, dataset);
    // Few clips: coarser strata and a larger validation side than the recipe's.
    all.insert(all.end(), {"split.by=emotion", "split.validation_fraction=0.2"});
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  /// Whatever shards are visible are whole.
  void expect_no_half_shard(const std::filesystem::path& dataset) const {
    if (!std::filesystem::exists(dataset)) return;
    for (const auto& [name, content] : dataset_files(dataset)) {
      if (name.find(".tmp-") != std::string::npos) continue;  // nobody takes it for a shard
      ASSERT_TRUE(whole_.contains(name)) << name;
      EXPECT_EQ(content == whole_.at(name), true) << name;
    }
  }

  void expect_whole(const std::filesystem::path& dataset) const {
    EXPECT_EQ(dataset_files(dataset) == whole_, true);
    EXPECT_EQ(read_text(dataset / "corpus.jsonl") == read_text(folder_ / "whole" / "corpus.jsonl"),
              true);
    for (const auto& entry : std::filesystem::directory_iterator(dataset)) {
      EXPECT_FALSE(entry.path().filename().string().starts_with("partial")) << entry.path();
    }
  }

  ScratchFolder folder_;
  std::filesystem::path corpus_;
  std::map<std::string, std::string> whole_;
  double duration_ = 0;  ///< s that one process takes
};

TEST_F(PreprocessWorkersTest, ThreeProcessesAtOnceMakeTheBytesOfOne) {
  const std::filesystem::path dataset = folder_ / "dataset";
  std::vector<std::unique_ptr<RunningProcess>> workers;
  for (const std::string part : {"1/3", "2/3", "3/3"}) {
    workers.push_back(std::make_unique<RunningProcess>(command(dataset, {"--shard", part}),
                                                       folder_ / ("log" + part.substr(0, 1))));
  }
  for (std::size_t i = 0; i < workers.size(); ++i) {
    EXPECT_EQ(workers[i]->wait(), 0) << read_text(folder_ / ("log" + std::to_string(i + 1)));
  }
  expect_whole(dataset);
}

TEST_F(PreprocessWorkersTest, PartsOfTwoConfigurationsAreNotMixed) {
  const std::filesystem::path dataset = folder_ / "dataset";
  const ProcessResult other = run_process(command(dataset, {"--shard", "1/2", "variants.seed=7"}));
  ASSERT_EQ(other.exit_code, 0) << other.err;
  const ProcessResult last = run_process(command(dataset, {"--shard", "2/2"}));
  ASSERT_EQ(last.exit_code, 0) << last.err;
  EXPECT_THAT(last.err, HasSubstr("another configuration"));
  EXPECT_FALSE(std::filesystem::exists(dataset / "manifest.json"));
  const ProcessResult again = run_process(command(dataset, {"--shard", "1/2"}));
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(again.err, testing::Not(HasSubstr("another configuration")));
  expect_whole(dataset);
}

TEST_F(PreprocessWorkersTest, RanksOfALauncherShareTheWorkAndTheLastCompletesIt) {
  const std::filesystem::path dataset = folder_ / "dataset";
  for (const std::string rank : {"1", "0"}) {
    EXPECT_FALSE(std::filesystem::exists(dataset / "manifest.json"));
    const ProcessResult result = run_process(
        command(dataset),
        {.environment = {{"OMPI_COMM_WORLD_RANK", rank}, {"OMPI_COMM_WORLD_SIZE", "2"}}});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    if (rank == "1") {
      EXPECT_THAT(result.err, HasSubstr("part 2of2 is done"));
    }
  }
  expect_whole(dataset);
}

TEST_F(PreprocessWorkersTest, OneProcessMakesUpForWorkersThatDied) {
  const std::filesystem::path dataset = folder_ / "dataset";
  EXPECT_EQ(run_process(command(dataset, {"--shard", "2/3"})).exit_code, 0);
  RunningProcess third(command(dataset, {"--shard", "3/3"}), folder_ / "log");
  std::this_thread::sleep_for(std::chrono::duration<double>(duration_ / 4));
  third.signal(SIGKILL);
  third.wait();
  expect_no_half_shard(dataset);
  const ProcessResult result = run_process(command(dataset));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("shards are kept from before"));
  expect_whole(dataset);
}

TEST_F(PreprocessWorkersTest, AProcessAloneAndWorkersDoNotMix) {
  const std::filesystem::path dataset = folder_ / "dataset";
  RunningProcess alone(command(dataset), folder_ / "log");
  while (alone.running() && durable_shards(dataset) < 1) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  const ProcessResult worker = run_process(command(dataset, {"--shard", "1/2"}));
  EXPECT_EQ(worker.exit_code, 4) << worker.err;
  EXPECT_THAT(worker.err, HasSubstr("another process"));
  EXPECT_EQ(alone.wait(), 0) << read_text(folder_ / "log");
  expect_whole(dataset);
}

TEST_F(PreprocessWorkersTest, PartsThatDoNotExistAreRefused) {
  for (const std::string part : {"0/2", "3/2", "2", "a/b", "1/2x"}) {
    const ProcessResult result = run_process(command(folder_ / "dataset", {"--shard", part}));
    EXPECT_EQ(result.exit_code, 2) << part;
    EXPECT_THAT(result.err, HasSubstr("expected I/N"));
  }
}

TEST_F(PreprocessWorkersTest, ADryRunSaysThePlanAndWritesNothing) {
  const std::filesystem::path dataset = folder_ / "dataset";
  const ProcessResult result = run_process(command(dataset, {"--dry-run", "--shard", "2/3"}));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("96 clips"));
  EXPECT_THAT(result.err, HasSubstr("part 2of3"));
  EXPECT_FALSE(std::filesystem::exists(dataset));
}

TEST_F(PreprocessWorkersTest, KilledAtTwentyRandomMomentsItContinuesToTheSameBytes) {
  std::mt19937 random(20);
  for (int i = 0; i < 20; ++i) {
    const std::filesystem::path dataset = folder_ / ("killed" + std::to_string(i));
    const double moment = duration_ * 1.1 * static_cast<double>(random() % 1000) / 1000;
    RunningProcess process(command(dataset), folder_ / "log");
    std::this_thread::sleep_for(std::chrono::duration<double>(moment));
    process.signal(SIGKILL);
    process.wait();
    expect_no_half_shard(dataset);
    const ProcessResult result = run_process(command(dataset));
    EXPECT_EQ(result.exit_code, 0) << "killed after " << moment << " s: " << result.err;
    expect_whole(dataset);
  }
}

}  // namespace
}  // namespace parlando::test
