#include <algorithm>
#include <cmath>
#include <csignal>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/text.h"
#include "common/io/event_file.h"
#include "common/io/json.h"
#include "tests/e2e/small_dataset.h"
#include "tests/support/running_process.h"

namespace parlando {
namespace {

using test::read_text;
using ::testing::HasSubstr;

constexpr const char* kEvents = "tensorboard/events.out.tfevents.parlando";

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

class Logs : public testing::Test {
 protected:
  std::filesystem::path run() const { return data_.folder() / "run"; }

  test::SmallDataset data_;
};

TEST_F(Logs, EveryRankHasOneAndRankZeroTellsEveryEpoch) {
  std::vector<std::string> command = test::mpirun(2);
  const auto train = data_.train_command(run(), {"threads=1"});
  command.insert(command.end(), train.begin(), train.end());
  const test::ProcessResult result = test::run_process(command, test::mpi_options());
  ASSERT_EQ(result.exit_code, 0) << result.err;

  const std::string first = read_text(run() / "logs/rank-0000.log");
  const std::string second = read_text(run() / "logs/rank-0001.log");
  EXPECT_THAT(first, HasSubstr("rank 0 of 2 begins"));
  EXPECT_THAT(second, HasSubstr("rank 1 of 2 begins"));
  EXPECT_THAT(second, HasSubstr("started by mpirun"));
  EXPECT_THAT(second, HasSubstr("rank 1: epoch 2 done"));
  EXPECT_FALSE(std::filesystem::exists(run() / "logs/rank-0002.log"));
  // What people see is in rank 0's log too, with the time before it.
  EXPECT_EQ(count_of(result.err, "val_loss"), 2u);
  EXPECT_EQ(count_of(first, "val_loss"), 2u);
  EXPECT_EQ(count_of(second, "val_loss"), 0u);
  EXPECT_THAT(result.err, HasSubstr("data wait "));
  EXPECT_EQ(result.err.find("begins"), std::string::npos) << "diagnosis is for the file";
  EXPECT_THAT(first, ::testing::ContainsRegex("20[0-9]+-[0-9]+-[0-9]+T[0-9:.]+Z rank 0 of 2"));

  for (const std::string& line : split_text(read_text(run() / "metrics.jsonl"), '\n')) {
    if (line.empty()) continue;
    const double wait = Json::parse(line).at("data_wait").get<double>();
    EXPECT_GE(wait, 0);
    EXPECT_LE(wait, 1);
  }
}

TEST_F(Logs, SayWhyARankEnded) {
  const test::ProcessResult result =
      test::run_process(data_.train_command(run(), {"loss.class_weight_factors.bored=2"}));
  ASSERT_EQ(result.exit_code, 2);
  EXPECT_THAT(read_text(run() / "logs/rank-0000.log"), HasSubstr("rank 0 ends: "));
  EXPECT_THAT(read_text(run() / "logs/rank-0000.log"), HasSubstr("'bored'"));
}

TEST_F(Logs, AResumedRunRepeatsNoEpochAndMissesNone) {
  const auto command = data_.train_command(run(), {"epochs=6"});
  {
    test::RunningProcess process(command, data_.folder() / "log");
    for (int i = 0; i < 6000 && count_of(read_text(run() / "metrics.jsonl"), "\n") < 3; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    process.signal(SIGKILL);
    process.wait();
  }
  // What a kill may leave: a whole record and a torn one of epochs that no checkpoint knows of.
  {
    EventFile events(run() / kEvents, 6);
    const std::array<std::pair<std::string, double>, 1> scalar{{{"loss/train", 99.0}}};
    events.add_scalars(5, 1, scalar);
  }
  const std::string torn = read_text(run() / kEvents) + std::string("\x08\0\0\0", 4);
  test::write_text(run() / kEvents, torn);
  test::write_text(run() / "metrics.jsonl",
                   read_text(run() / "metrics.jsonl") + "{\"epoch\":5}\n{\"epo");

  const test::ProcessResult result = test::run_process(command);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  std::int64_t epoch = 0;
  for (const std::string& line : split_text(read_text(run() / "metrics.jsonl"), '\n')) {
    if (line.empty()) continue;
    EXPECT_EQ(Json::parse(line).at("epoch"), ++epoch);
  }
  EXPECT_EQ(epoch, 6);
  const std::string events = read_text(run() / kEvents);
  EXPECT_EQ(count_of(events, "loss/train"), 6u);
  EXPECT_EQ(count_of(events, "brain.Event:2"), 1u);
  EXPECT_EQ(count_of(events, "epochs: 6"), 1u) << "the configuration once";
  // Sound to the end: nothing is dropped when it is opened once more.
  EventFile(run() / kEvents, 6);
  EXPECT_EQ(read_text(run() / kEvents), events);
}

TEST_F(Logs, LeaveWithARunThatIsReplaced) {
  ASSERT_EQ(test::run_process(data_.train_command(run(), {"epochs=1"})).exit_code, 0);
  const test::ProcessResult result =
      test::run_process(data_.train_command(run(), {"epochs=1", "seed=9", "--replace"}));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(count_of(read_text(run() / "logs/rank-0000.log"), "begins"), 1u);
  EXPECT_EQ(count_of(read_text(run() / kEvents), "loss/train"), 1u);
}

TEST_F(Logs, ASmallMemoryLimitChangesNoBit) {
  ASSERT_EQ(test::run_process(data_.train_command(run(), {})).exit_code, 0);
  const std::filesystem::path capped = data_.folder() / "capped";
  const test::ProcessResult result =
      test::run_process(data_.train_command(capped, {"input.memory=100KiB"}));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(read_text(capped / "model/model.safetensors"),
            read_text(run() / "model/model.safetensors"));
  EXPECT_THAT(read_text(capped / "logs/rank-0000.log"),
              ::testing::ContainsRegex(", [0-9][0-9] of 1[0-9][0-9] clips in memory"));
}

}  // namespace
}  // namespace parlando
