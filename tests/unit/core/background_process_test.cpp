#include "common/core/background_process.h"

#include <chrono>
#include <csignal>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/file.h>
#include <unistd.h>

#include "common/core/error.h"
#include "tests/support/scratch_folder.h"

namespace parlando {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

constexpr milliseconds kLong{20000};

std::vector<std::string> shell(const std::string& script) {
  return {"sh", "-c", script};
}

TEST(BackgroundProcess, EndsWithTheCodeOfItsProgram) {
  BackgroundProcess process(shell("exit 7"));
  EXPECT_EQ(process.wait(kLong), 7);
  EXPECT_EQ(process.wait(kLong), 7) << "a second look says the same";
  process.send(SIGKILL);
}

TEST(BackgroundProcess, RunsBesideAndHearsSignals) {
  BackgroundProcess process(shell("trap 'exit 85' USR1; while :; do sleep 0.02; done"));
  EXPECT_EQ(process.wait(milliseconds(300)), std::nullopt);
  process.send(SIGUSR1);
  EXPECT_EQ(process.wait(kLong), 85);
  BackgroundProcess killed(shell("sleep 60"));
  killed.send(SIGKILL);
  EXPECT_EQ(killed.wait(kLong), 128 + SIGKILL);
}

TEST(BackgroundProcess, AppendsItsWordsToTheLog) {
  const test::ScratchFolder folder;
  test::write_text(folder / "log", "before\n");
  BackgroundProcess process(shell("echo out $GREETING; echo err >&2"),
                            {.environment = {{"GREETING", "hello"}}, .log = folder / "log"});
  EXPECT_EQ(process.wait(kLong), 0);
  EXPECT_EQ(test::read_text(folder / "log"), "before\nout hello\nerr\n");
}

TEST(BackgroundProcess, DoesNotGetTheVariablesToLeaveOut) {
  const test::ScratchFolder folder;
  setenv("LEFT_OUT", "1", 1);
  setenv("KEPT", "2", 1);
  BackgroundProcess process(shell("echo \"$LEFT_OUT\" $KEPT"),
                            {.without = [](const std::string& name) { return name == "LEFT_OUT"; },
                             .log = folder / "log"});
  EXPECT_EQ(process.wait(kLong), 0);
  EXPECT_EQ(test::read_text(folder / "log"), " 2\n");
}

TEST(BackgroundProcess, StaysOnTheCoresGiven) {
  cpu_set_t own;
  CPU_ZERO(&own);
  ASSERT_EQ(sched_getaffinity(0, sizeof own, &own), 0);
  int first = 0;
  while (!CPU_ISSET(static_cast<std::size_t>(first), &own)) ++first;
  const test::ScratchFolder folder;
  BackgroundProcess process(shell("grep Cpus_allowed_list /proc/self/status"),
                            {.log = folder / "log", .cores = {first}});
  EXPECT_EQ(process.wait(kLong), 0);
  EXPECT_EQ(test::read_text(folder / "log"), "Cpus_allowed_list:\t" + std::to_string(first) + "\n");
}

TEST(BackgroundProcess, IsToldWhenItsStarterEnds) {
  const test::ScratchFolder folder;
  const auto log = folder / "log";
  std::unique_ptr<BackgroundProcess> process;
  std::thread([&] {
    process = std::make_unique<BackgroundProcess>(
        shell("trap 'echo told; exit 85' USR1; echo ready; while :; do sleep 0.02; done"),
        BackgroundOptions{.log = log, .death_signal = SIGUSR1});
    while (test::read_text(log).empty()) std::this_thread::sleep_for(milliseconds(5));
  }).join();
  EXPECT_EQ(process->wait(kLong), 85);
  EXPECT_EQ(test::read_text(log), "ready\ntold\n");
}

TEST(BackgroundProcess, InheritsTheDescriptorsToKeepAndNoOthers) {
  const test::ScratchFolder folder;
  const int kept = open((folder / "kept").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  const int other = open((folder / "other").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  ASSERT_EQ(flock(kept, LOCK_EX), 0);
  ASSERT_EQ(flock(other, LOCK_EX), 0);
  BackgroundProcess process(shell("while :; do sleep 0.02; done"), {.keep_open = {kept}});
  close(kept);
  close(other);
  const auto is_locked = [&](const char* name) {
    const int fd = open((folder / name).c_str(), O_RDWR | O_CLOEXEC);
    const bool locked = flock(fd, LOCK_EX | LOCK_NB) != 0;
    close(fd);
    return locked;
  };
  EXPECT_TRUE(is_locked("kept"));
  EXPECT_FALSE(is_locked("other"));
  process.send(SIGKILL);
  process.wait(kLong);
}

TEST(BackgroundProcess, SaysWhatCannotBeStarted) {
  const auto refusal = [](const std::string& name, const std::filesystem::path& log) {
    try {
      BackgroundProcess({name}, {.log = log});
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_THAT(refusal("no-such-program-anywhere", ""), HasSubstr("no program 'no-such-program"));
  const test::ScratchFolder folder;
  test::write_text(folder / "text", "no program");
  EXPECT_THAT(refusal(folder / "text", ""), HasSubstr("text: Permission denied"));
  EXPECT_THAT(refusal("true", "/no/such/folder/log"), HasSubstr("/no/such/folder/log"));
}

}  // namespace
}  // namespace parlando
