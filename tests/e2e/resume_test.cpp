#include <chrono>
#include <csignal>
#include <thread>

#include <gtest/gtest.h>

#include "common/core/text.h"
#include "common/io/atomic_file.h"
#include "common/io/json.h"
#include "tests/e2e/small_dataset.h"
#include "tests/support/running_process.h"

namespace parlando {
namespace {

std::size_t lines_of(const std::filesystem::path& path) {
  const std::string text = test::read_text(path);
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

/// Waits until the run has written `epochs` lines of metrics, at most a minute.
void wait_for_epochs(const std::filesystem::path& run, std::size_t epochs) {
  for (int i = 0; i < 6000 && lines_of(run / "metrics.jsonl") < epochs; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ASSERT_GE(lines_of(run / "metrics.jsonl"), epochs);
}

/// Numbers of metrics.jsonl without those that time decides.
std::vector<Json> numbers_of(const std::filesystem::path& run) {
  std::vector<Json> lines;
  for (const std::string& text : split_text(read_file(run / "metrics.jsonl"), '\n')) {
    if (text.empty()) continue;
    Json line = Json::parse(text);
    line.erase("seconds");
    line.erase("samples_per_second");
    line.erase("data_wait");
    lines.push_back(line);
  }
  return lines;
}

class Resume : public testing::Test {
 protected:
  static constexpr const char* kEpochs = "epochs=6";

  std::filesystem::path uninterrupted() {
    const std::filesystem::path run = data_.folder() / "whole";
    const test::ProcessResult result = test::run_process(data_.train_command(run, {kEpochs}));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return run;
  }

  void expect_same(const std::filesystem::path& run, const std::filesystem::path& reference) {
    EXPECT_EQ(numbers_of(run), numbers_of(reference));
    EXPECT_EQ(read_file(run / "model/model.safetensors"),
              read_file(reference / "model/model.safetensors"))
        << "final parameters must be the same bits";
    EXPECT_EQ(read_file(run / "predictions-test.jsonl"),
              read_file(reference / "predictions-test.jsonl"));
  }

  test::SmallDataset data_;
};

TEST_F(Resume, AfterARequestToStopEndsWithTheSameBits) {
  const std::filesystem::path reference = uninterrupted();
  const std::filesystem::path run = data_.folder() / "stopped";
  int stops = 0;
  for (const int signal : {SIGUSR1, SIGTERM}) {
    test::RunningProcess process(data_.train_command(run, {kEpochs}), data_.folder() / "log");
    wait_for_epochs(run, static_cast<std::size_t>(1 + 2 * stops));
    process.signal(signal);
    ASSERT_EQ(process.wait(), 85) << test::read_text(data_.folder() / "log");
    ++stops;
    EXPECT_FALSE(std::filesystem::exists(run / "result.json"));
  }
  const test::ProcessResult result = test::run_process(data_.train_command(run, {kEpochs}));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.err.find("continuing"), std::string::npos) << result.err;
  expect_same(run, reference);
}

TEST_F(Resume, AfterAKillEndsWithTheSameBits) {
  const std::filesystem::path reference = uninterrupted();
  const std::filesystem::path run = data_.folder() / "killed";
  {
    test::RunningProcess process(data_.train_command(run, {kEpochs}), data_.folder() / "log");
    wait_for_epochs(run, 2);
    process.signal(SIGKILL);
    EXPECT_EQ(process.wait(), 128 + SIGKILL);
  }
  const test::ProcessResult result = test::run_process(data_.train_command(run, {kEpochs}));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  expect_same(run, reference);
}

TEST_F(Resume, FallsBackFromADamagedCheckpoint) {
  const std::filesystem::path reference = uninterrupted();
  const std::filesystem::path run = data_.folder() / "damaged";
  {
    test::RunningProcess process(data_.train_command(run, {kEpochs}), data_.folder() / "log");
    wait_for_epochs(run, 3);
    process.signal(SIGKILL);
    process.wait();
  }
  std::filesystem::path newest;
  for (const auto& entry : std::filesystem::directory_iterator(run / "checkpoints")) {
    if (std::filesystem::exists(entry.path() / "DONE") && entry.path() > newest)
      newest = entry.path();
  }
  std::filesystem::resize_file(newest / "state.safetensors", 100);
  const test::ProcessResult result = test::run_process(data_.train_command(run, {kEpochs}));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.err.find("falling back"), std::string::npos) << result.err;
  expect_same(run, reference);
}

}  // namespace
}  // namespace parlando
