#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/io/json.h"
#include "tests/e2e/small_sweep.h"
#include "tests/support/running_process.h"

namespace parlando::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

/// Trainings that write below this folder.
std::vector<pid_t> trainings(const fs::path& folder) {
  std::vector<pid_t> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream file(entry.path() / "cmdline");
    const std::string words{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (words.find("parlando-train") != std::string::npos &&
        words.find(folder.string()) != std::string::npos) {
      found.push_back(std::stoi(name));
    }
  }
  return found;
}

void wait_until_none_trains(const fs::path& folder) {
  for (int i = 0; i < 2000 && !trainings(folder).empty(); ++i)
    std::this_thread::sleep_for(milliseconds(10));
  ASSERT_TRUE(trainings(folder).empty());
}

/// The files that finished trials left, with their times.
std::map<std::string, fs::file_time_type> finished(const SmallSweep& sweep, int trials) {
  std::map<std::string, fs::file_time_type> found;
  for (int i = 0; i < trials; ++i) {
    const fs::path result = sweep.trial(i) / "run" / "validation.json";
    const fs::path outcome =
        sweep.out() / "outcomes" / (sweep.trial(i).filename().string() + ".json");
    std::error_code error;
    if (!fs::exists(outcome, error) || read_json(outcome).at("status") != "finished") continue;
    found[result.string()] = fs::last_write_time(result);
    found[outcome.string()] = fs::last_write_time(outcome);
  }
  return found;
}

TEST(SweepKill, AtTwentyRandomMomentsLosesAndRepeatsNothing) {
  constexpr int kTrials = 12, kKills = 20;
  const SmallSweep sweep(
      "method: grid\nmetric: {name: validation_uar}\n"
      "parameters: {batch_size: {values: [7, 8, 9, 10, 11, 12]}, optimizer.kind: {values: [adam, "
      "sgd]}, epochs: {value: 6}}\n");
  std::mt19937 random(std::random_device{}());
  std::map<std::string, fs::file_time_type> seen;
  const auto log = sweep.data().folder() / "sweep.log";
  int of_the_sweep = 0, of_a_worker = 0;
  for (int kill_number = 0; kill_number < kKills; ++kill_number) {
    RunningProcess process(sweep.run_command(), log);
    std::this_thread::sleep_for(milliseconds(50 + random() % 900));
    const std::vector<pid_t> workers = trainings(sweep.out());
    if (kill_number % 2 == 1 && !workers.empty()) {
      ::kill(workers[random() % workers.size()], SIGKILL);
      std::this_thread::sleep_for(milliseconds(random() % 300));
      ++of_a_worker;
    }
    process.signal(SIGKILL);
    process.wait();
    ++of_the_sweep;
    for (const auto& [file, time] : finished(sweep, kTrials)) seen.emplace(file, time);
  }
  EXPECT_EQ(of_the_sweep, kKills);
  const ProcessResult last = run_process(sweep.run_command(), {.timeout_seconds = 300});
  EXPECT_EQ(last.exit_code, 0) << last.err << last.out;
  const auto all = finished(sweep, kTrials);
  EXPECT_EQ(all.size(), 2u * kTrials);
  for (const auto& [file, time] : seen) EXPECT_EQ(all.at(file), time) << file << " was made again";
  for (int i = 0; i < kTrials; ++i) {
    const std::string metrics = read_text(sweep.trial(i) / "run" / "metrics.jsonl");
    EXPECT_EQ(std::ranges::count(metrics, '\n'), 6) << "trial " << i;
  }
  RecordProperty("finished_before_the_last_run", static_cast<int>(seen.size() / 2));
  RecordProperty("workers_killed", of_a_worker);
}

TEST(SweepKill, TrainingsOfAKilledSweepStopWithACheckpoint) {
  const SmallSweep sweep(
      "method: grid\nmetric: {name: validation_uar}\n"
      "parameters: {batch_size: {values: [7, 8]}, epochs: {value: 500}, "
      "early_stopping.patience: {value: 500}}\n");
  RunningProcess process(sweep.run_command(), sweep.data().folder() / "sweep.log");
  while (!fs::exists(sweep.trial(1) / "run" / "metrics.jsonl"))
    std::this_thread::sleep_for(milliseconds(20));
  process.signal(SIGKILL);
  process.wait();
  wait_until_none_trains(sweep.out());
  EXPECT_THAT(read_text(sweep.trial(1) / "log.txt"), testing::HasSubstr("a checkpoint is written"));
}

TEST(SweepStop, ARequestEndsWithCheckpointsAndTheSweepContinues) {
  const SmallSweep sweep(
      "method: grid\nmetric: {name: validation_uar}\n"
      "parameters: {batch_size: {values: [7, 8]}, epochs: {value: 40}, "
      "early_stopping.patience: {value: 500}}\n");
  const auto log = sweep.data().folder() / "sweep.log";
  {
    RunningProcess process(sweep.run_command(), log);
    while (!fs::exists(sweep.trial(1) / "run" / "metrics.jsonl"))
      std::this_thread::sleep_for(milliseconds(20));
    process.signal(SIGTERM);
    EXPECT_EQ(process.wait(), 85);
  }
  EXPECT_TRUE(trainings(sweep.out()).empty());
  EXPECT_THAT(read_text(log), testing::HasSubstr("run the same command again"));
  EXPECT_FALSE(fs::exists(sweep.out() / "outcomes" / "0000.json"))
      << "a stopped trial has not failed";
  const std::size_t epochs = read_text(sweep.trial(1) / "run" / "metrics.jsonl").size();
  const ProcessResult last = run_process(sweep.run_command(), {.timeout_seconds = 300});
  EXPECT_EQ(last.exit_code, 0) << last.err;
  EXPECT_GT(read_text(sweep.trial(1) / "run" / "metrics.jsonl").size(), epochs);
  EXPECT_THAT(read_text(sweep.trial(1) / "log.txt"), testing::HasSubstr("continuing after"));
}

}  // namespace
}  // namespace parlando::test
