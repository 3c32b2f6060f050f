#include "train/checkpoint/checkpoint.h"

#include <algorithm>
#include <array>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/core/error.h"
#include "tests/support/scratch_folder.h"
#include "train/checkpoint/checkpoint_schedule.h"
#include "train/checkpoint/checkpoint_store.h"
#include "train/checkpoint/safetensors.h"

namespace parlando::train {
namespace {

std::vector<NamedTensor> some_tensors() {
  return {{"a", torch::tensor({1.5F, -2.0F, 3.0F, 4.0F, 5.0F, 6.0F}).view({2, 3})},
          {"b", torch::tensor({1, 2}, at::kLong)},
          {"empty", at::empty({0}, at::kDouble)}};
}

TEST(Safetensors, ReadsBackWhatItWrote) {
  const test::ScratchFolder folder;
  write_safetensors(folder / "x.safetensors", some_tensors(), {{"name", "value"}});
  const SafetensorsFile file = read_safetensors(folder / "x.safetensors");
  EXPECT_EQ(file.metadata.at("name"), "value");
  for (const NamedTensor& entry : some_tensors()) {
    EXPECT_TRUE(at::equal(file.at(entry.name), entry.tensor)) << entry.name;
  }
  EXPECT_THROW(file.at("absent"), Error);
}

TEST(Safetensors, RefusesDamagedFilesByName) {
  const test::ScratchFolder folder;
  const std::filesystem::path path = folder / "x.safetensors";
  write_safetensors(path, some_tensors(), {});
  const std::string whole = test::read_text(path);
  const std::vector<std::string> damaged{
      "", "short", whole.substr(0, whole.size() - 4), std::string(8, '\xff') + whole.substr(8),
      std::string("\x10\0\0\0\0\0\0\0", 8) + "{\"a\":{\"dtype\":1}}"};
  for (const std::string& content : damaged) {
    test::write_text(path, content);
    try {
      read_safetensors(path);
      ADD_FAILURE() << "accepted " << content.size() << " bytes";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::artefact);
      EXPECT_NE(std::string(error.what()).find("x.safetensors"), std::string::npos);
    }
  }
}

Checkpoint at_epoch(std::int64_t epoch) {
  return {.epoch = epoch,
          .step = 0,
          .tensors = {{"p", at::full({3}, epoch, at::kFloat)}},
          .state = {{"epoch", epoch}}};
}

constexpr int kCrash = 9;

class Checkpoints : public testing::Test {
 protected:
  /// A start of the run "run".
  struct Start {
    Start(const std::filesystem::path& run, const std::string& launch, CheckpointConfig config = {},
          Json identity = {{"configuration", "a"}})
        : fence(run, {.job = launch, .restart = 0, .launch = launch}),
          store(run / "checkpoints", config, std::move(identity), fence, watchdog) {}
    dist::Watchdog watchdog{dist::WatchdogOptions{}};
    RunFence fence;
    CheckpointStore store;
  };

  std::filesystem::path run() const { return folder_ / "run"; }
  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(run() / "checkpoints"))
      found.push_back(entry.path().filename().string());
    std::ranges::sort(found);
    return found;
  }
  static void damage(const std::filesystem::path& path) {
    std::fstream file(path, std::ios::in | std::ios::out);
    file.seekp(-1, std::ios::end);
    file.put('\x7f');
  }

  test::ScratchFolder folder_;
};

TEST_F(Checkpoints, KeepTheNewestAndTheBest) {
  const Start start(run(), "a");
  for (const std::int64_t epoch : {1, 2, 3, 4, 5}) {
    Checkpoint checkpoint = at_epoch(epoch);
    checkpoint.best_epoch = std::min<std::int64_t>(epoch, 2);
    start.store.write(checkpoint);
  }
  EXPECT_THAT(names(), testing::ElementsAre("epoch-0002-step-000000-start-0001",
                                            "epoch-0004-step-000000-start-0001",
                                            "epoch-0005-step-000000-start-0001"));
  const std::optional<Checkpoint> newest = start.store.read_newest();
  ASSERT_TRUE(newest.has_value());
  EXPECT_EQ(newest->epoch, 5);
  EXPECT_EQ(newest->best_epoch, 2);
  EXPECT_EQ(newest->tensors.at(0).tensor[0].item<float>(), 5);
}

TEST_F(Checkpoints, OrderByNumbersAndNotByNames) {
  const Start start(run(), "a");
  start.store.write(at_epoch(9999));
  start.store.write(at_epoch(10000));
  EXPECT_EQ(start.store.read_newest()->epoch, 10000);
}

TEST_F(Checkpoints, FallBackToTheOneBeforeADamagedOne) {
  const Start start(run(), "a");
  for (const char* file : {"state.safetensors", "state.json", "DONE"}) {
    start.store.write(at_epoch(1));
    start.store.write(at_epoch(2));
    const auto newest = run() / "checkpoints/epoch-0002-step-000000-start-0001";
    damage(newest / file);
    testing::internal::CaptureStderr();
    const std::optional<Checkpoint> checkpoint = start.store.read_newest();
    EXPECT_THAT(testing::internal::GetCapturedStderr(),
                testing::AllOf(testing::HasSubstr(file), testing::HasSubstr("falling back")));
    ASSERT_TRUE(checkpoint.has_value());
    EXPECT_EQ(checkpoint->epoch, 1) << file;
    std::filesystem::remove_all(newest);
  }
}

TEST_F(Checkpoints, AreIgnoredWithoutDone) {
  const Start start(run(), "a");
  EXPECT_FALSE(start.store.read_newest().has_value());
  start.store.write(at_epoch(1));
  start.store.write(at_epoch(2));
  std::filesystem::remove(run() / "checkpoints/epoch-0002-step-000000-start-0001/DONE");
  EXPECT_EQ(start.store.read_newest()->epoch, 1);
}

TEST_F(Checkpoints, OfAnotherDatasetAreRefusedWithAHint) {
  Start(run(), "a", {}, {{"dataset", "one"}}).store.write(at_epoch(1));
  const Start other(run(), "b", {}, {{"dataset", "two"}});
  try {
    other.store.read_newest();
    ADD_FAILURE() << "was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::artefact);
    EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("another dataset"),
                                             testing::HasSubstr("another --run folder")));
  }
}

TEST_F(Checkpoints, AreNotWrittenByAStartThatAnotherHasReplaced) {
  const Start old(run(), "old");
  old.store.write(at_epoch(1));
  const Start later(run(), "later");
  later.store.write(at_epoch(2));
  try {
    old.store.write(at_epoch(3));
    ADD_FAILURE() << "was written";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("start 2 of this run (later"));
  }
  EXPECT_EQ(later.store.read_newest()->epoch, 2);
}

TEST_F(Checkpoints, OfARestartAreNotTakenOverByTheJobItReplaced) {
  std::filesystem::create_directories(run());
  const RunFence restarted(run(), {.job = "slurm-4", .restart = 2, .launch = "slurm-4.2.0"});
  EXPECT_THROW(RunFence(run(), {.job = "slurm-4", .restart = 1, .launch = "slurm-4.1.0"}), Error);
  EXPECT_NO_THROW(restarted.check());
  EXPECT_EQ(RunFence(run(), {.job = "slurm-5", .restart = 0, .launch = "slurm-5.0.0"}).start(), 2);
}

/// Writes epoch 2's checkpoint in a process that ends at the operation with this number, from 1.
/// Returns its exit code.
int write_and_crash(const std::filesystem::path& run, int operation, std::string& name) {
  std::array<int, 2> channel{};
  if (pipe(channel.data()) != 0) throw std::runtime_error("pipe failed");
  const pid_t process = fork();
  if (process == 0) {
    int entered = 0;
    dist::WatchdogOptions options;
    options.on_enter = [&](const dist::Activity& activity) {
      if (++entered != operation) return;
      const std::string& text = activity.operation;
      if (::write(channel[1], text.data(), text.size()) < 0) _exit(1);
      _exit(kCrash);
    };
    dist::Watchdog watchdog(options);
    const RunFence fence(run, {.job = "crash", .restart = 0, .launch = "crash"});
    CheckpointConfig config;
    config.keep = 1;
    config.keep_best = false;
    CheckpointStore(run / "checkpoints", config, Json::object(), fence, watchdog)
        .write(at_epoch(2));
    _exit(0);
  }
  close(channel[1]);
  std::array<char, 100> text{};
  const ssize_t length = read(channel[0], text.data(), text.size());
  name.assign(text.data(), static_cast<std::size_t>(std::max<ssize_t>(0, length)));
  close(channel[0]);
  int status = 0;
  waitpid(process, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(Checkpoints, SurviveACrashAfterEachStepOfTheProtocol) {
  std::vector<std::string> crashed_at;
  for (int operation = 1;; ++operation) {
    const test::ScratchFolder folder;
    CheckpointConfig config;
    config.keep = 1;
    Start(folder.path(), "first", config, Json::object()).store.write(at_epoch(1));
    std::string name;
    const int code = write_and_crash(folder.path(), operation, name);
    Start next(folder.path(), "next", config, Json::object());
    const std::optional<Checkpoint> checkpoint = next.store.read_newest();
    ASSERT_TRUE(checkpoint.has_value()) << name;
    EXPECT_EQ(checkpoint->tensors.at(0).tensor[0].item<float>(),
              static_cast<float>(checkpoint->epoch));
    next.store.write(at_epoch(3));
    EXPECT_EQ(next.store.read_newest()->epoch, 3);
    const auto left = std::filesystem::directory_iterator(folder / "checkpoints");
    EXPECT_EQ(std::distance(begin(left), end(left)), 1) << "after " << name;
    if (code == 0) break;
    ASSERT_EQ(code, kCrash);
    crashed_at.push_back(name);
  }
  EXPECT_THAT(crashed_at,
              testing::ElementsAre("writing a checkpoint's tensors", "writing a checkpoint's state",
                                   "completing a checkpoint", "publishing a checkpoint",
                                   "removing old checkpoints"));
}

TEST(CheckpointSchedule, CountsStepsAndEpochsAndMinutes) {
  using std::chrono::minutes;
  const CheckpointSchedule::Clock::time_point begin{};
  CheckpointConfig config;
  config.every_steps = 10;
  config.every_epochs = 2;
  config.every_minutes = 5;
  CheckpointSchedule schedule(config, begin);
  EXPECT_FALSE(schedule.due_after_steps(19));
  EXPECT_TRUE(schedule.due_after_steps(20));
  EXPECT_FALSE(schedule.due_after_epochs(3));
  EXPECT_TRUE(schedule.due_after_epochs(4));
  EXPECT_FALSE(schedule.due_by_time(begin + minutes(4)));
  EXPECT_TRUE(schedule.due_by_time(begin + minutes(5)));
  schedule.restart_clock(begin + minutes(5));
  EXPECT_FALSE(schedule.due_by_time(begin + minutes(9)));
  const CheckpointSchedule never({.every_epochs = 0}, begin);
  EXPECT_FALSE(never.due_after_steps(10) || never.due_after_epochs(10) ||
               never.due_by_time(begin + minutes(1000)));
}

}  // namespace
}  // namespace parlando::train
