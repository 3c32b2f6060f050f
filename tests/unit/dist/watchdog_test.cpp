#include "common/dist/watchdog.h"

#include <chrono>
#include <future>
#include <stdexcept>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/dist/watched_communicator.h"
#include "tests/support/scratch_folder.h"

namespace parlando::dist {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::HasSubstr;

// Long enough for a loaded machine to schedule a thread, short enough for a test.
constexpr double kLimitSeconds = 1.0;
constexpr milliseconds kWithinLimit{100};
constexpr std::chrono::seconds kPatience{20};

/// A watchdog that tells the test what it would have ended the process with.
class Watched {
 public:
  explicit Watched(WatchdogOptions options = {}) {
    if (options.first_timeout_seconds == WatchdogOptions{}.first_timeout_seconds)
      options.first_timeout_seconds = kLimitSeconds;
    options.timeout_seconds = kLimitSeconds;
    options.program = "program";
    options.end_job = [this](const std::string& message) { ended_.set_value(message); };
    watchdog = std::make_unique<Watchdog>(options);
  }

  std::string wait_for_end() {
    if (end_.wait_for(kPatience) != std::future_status::ready) return "did not end";
    return end_.get();
  }
  bool has_ended() { return end_.wait_for(milliseconds(0)) == std::future_status::ready; }

 private:
  std::promise<std::string> ended_;
  std::shared_future<std::string> end_ = ended_.get_future().share();

 public:
  std::unique_ptr<Watchdog> watchdog;  // goes first, with its thread
};

TEST(Watchdog, NamesProgramOperationStepAndEpoch) {
  Watched watched;
  watched.watchdog->at(2, 17);
  watched.watchdog->warmed_up();
  const auto step = watched.watchdog->enter("training step");
  const auto data = watched.watchdog->enter("data wait");
  EXPECT_THAT(watched.wait_for_end(),
              AllOf(HasSubstr("program: no progress for 1"),
                    HasSubstr("s in data wait, step 17 of epoch 2; the job ends "
                              "(distributed.timeout_seconds sets the limit)")));
}

TEST(Watchdog, StaysQuietWhileOperationsBeginAndEndOrBeat) {
  Watched watched;
  for (int i = 0; i < 4; ++i) {
    const auto step = watched.watchdog->enter("training step");
    std::this_thread::sleep_for(kWithinLimit);
  }
  const auto validation = watched.watchdog->enter("validation");
  for (int i = 0; i < 8; ++i) {
    std::this_thread::sleep_for(kWithinLimit);
    watched.watchdog->beat();
  }
  EXPECT_FALSE(watched.has_ended());
}

TEST(Watchdog, TheFirstLimitHoldsUntilTheFirstStepIsDone) {
  Watched watched({.first_timeout_seconds = 60});
  const auto loading = watched.watchdog->enter("loading data");
  std::this_thread::sleep_for(std::chrono::duration<double>(3 * kLimitSeconds));
  EXPECT_FALSE(watched.has_ended());
  watched.watchdog->warmed_up();
  EXPECT_THAT(watched.wait_for_end(), HasSubstr("loading data"));
}

TEST(Watchdog, TellsTheOperationThatAnExceptionHasLeft) {
  Watched watched;
  const auto outer = watched.watchdog->enter("training step");
  try {
    const auto inner = watched.watchdog->enter("data wait");
    throw std::runtime_error("broken");
  } catch (const std::runtime_error&) {
    EXPECT_EQ(watched.watchdog->failed_activity().operation, "data wait");
    EXPECT_EQ(watched.watchdog->activity().operation, "training step");
  }
}

TEST(Watchdog, TellsAnObserverEveryOperationAndSurvivesItsException) {
  std::vector<std::string> seen;
  Watched watched({.on_enter = [&](const Activity& activity) {
    seen.push_back(describe(activity));
    if (seen.size() == 2) throw std::runtime_error("on purpose");
  }});
  const auto outer = watched.watchdog->enter("training step");
  watched.watchdog->at(1, 3);
  EXPECT_THROW((void)watched.watchdog->enter("data wait"), std::runtime_error);
  EXPECT_EQ(watched.watchdog->activity().operation, "training step");
  EXPECT_EQ(watched.watchdog->failed_activity().operation, "data wait");
  EXPECT_THAT(seen, testing::ElementsAre("training step", "data wait, step 3 of epoch 1"));
}

TEST(WatchdogDeathTest, EndsAProcessWhoseMainThreadIsStuck) {
  EXPECT_EXIT(
      {
        Watchdog watchdog({.program = "program", .first_timeout_seconds = 0.1});
        const auto operation = watchdog.enter("data wait");
        for (;;) pause();
      },
      testing::ExitedWithCode(5), "program: no progress for .* in data wait");
}

/// Another process that keeps rank 1's record, until it is told otherwise.
class OtherRank {
 public:
  explicit OtherRank(const std::filesystem::path& board) : pid_(fork()) {
    if (pid_ != 0) return;
    const PeerBoard record(
        {.folder = board, .launch = "test", .rank = 1, .size = 2, .interval = milliseconds(20)},
        [] { return Activity{.operation = "data wait", .epoch = 2, .step = 3}; });
    for (;;) pause();
  }
  ~OtherRank() {
    if (pid_ > 0) end();
  }
  OtherRank(const OtherRank&) = delete;
  OtherRank& operator=(const OtherRank&) = delete;

  void stop() const { kill(pid_, SIGSTOP); }
  void end() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

 private:
  pid_t pid_;
};

class WatchdogWithPeer : public testing::Test {
 protected:
  WatchdogWithPeer() : peer_(board()) {
    const auto record = board() / "rank-0001.json";
    for (int i = 0; i < 1000 && !std::filesystem::exists(record); ++i)
      std::this_thread::sleep_for(milliseconds(10));
  }

  std::filesystem::path board() const { return folder_ / "run" / "ranks"; }
  WatchdogOptions options() const {
    return {.rank = 0, .size = 2, .board = board(), .launch = "test"};
  }

  test::ScratchFolder folder_;
  OtherRank peer_;
};

TEST_F(WatchdogWithPeer, NamesARankThatIsElsewhere) {
  Watched watched(options());
  const auto wait = watched.watchdog->enter("all_reduce", true);
  EXPECT_THAT(watched.wait_for_end(),
              AllOf(HasSubstr("rank 0 of 2: no progress"), HasSubstr("in all_reduce; rank 1 (pid "),
                    HasSubstr("is in data wait, step 3 of epoch 2")));
}

TEST_F(WatchdogWithPeer, NamesAStoppedRank) {
  peer_.stop();
  Watched watched(options());
  const auto wait = watched.watchdog->enter("all_reduce", true);
  EXPECT_THAT(watched.wait_for_end(),
              HasSubstr("is stopped, last in data wait, step 3 of epoch 2"));
}

TEST_F(WatchdogWithPeer, NamesARankThatHasEnded) {
  peer_.end();
  Watched watched(options());
  const auto wait = watched.watchdog->enter("all_reduce", true);
  EXPECT_THAT(watched.wait_for_end(), HasSubstr("has ended, last in data wait, step 3 of epoch 2"));
}

TEST_F(WatchdogWithPeer, BlamesItselfWhenItWaitsForNobody) {
  Watched watched(options());
  const auto data = watched.watchdog->enter("data wait");
  EXPECT_THAT(watched.wait_for_end(),
              AllOf(HasSubstr("rank 0 of 2: no progress"), testing::Not(HasSubstr("rank 1"))));
}

TEST_F(WatchdogWithPeer, EndsAtOnceWhenItIsAskedToStopAndAPeerIsLost) {
  std::atomic<bool> stop = false;
  WatchdogOptions slow = options();
  slow.first_timeout_seconds = 60;
  slow.stop_requested = [&] { return stop.load(); };
  Watched watched(slow);
  const auto wait = watched.watchdog->enter("all_reduce", true);
  stop = true;
  std::this_thread::sleep_for(kWithinLimit);
  EXPECT_FALSE(watched.has_ended()) << "the peer is there: the stop is an orderly one";
  peer_.end();
  EXPECT_THAT(watched.wait_for_end(),
              AllOf(HasSubstr("asked to stop in all_reduce, but rank 1"), HasSubstr("has ended")));
}

TEST(WatchdogPeers, OneOfTheRanksThatWaitSpeaksForAll) {
  const test::ScratchFolder folder;
  const WatchdogOptions options{.size = 2, .board = folder / "ranks", .launch = "test"};
  WatchdogOptions second = options;
  second.rank = 1;
  Watched first_rank(options), second_rank(second);
  const auto one = first_rank.watchdog->enter("all_reduce", true);
  const auto two = second_rank.watchdog->enter("broadcast", true);
  const std::string spoken = first_rank.wait_for_end() + second_rank.wait_for_end();
  EXPECT_EQ(spoken.find("no progress"), spoken.rfind("no progress")) << spoken;
  EXPECT_THAT(spoken, HasSubstr("no progress"));
}

TEST(PeerBoard, IgnoresRecordsOfAnotherStartAndLeavesNothingBehind) {
  const test::ScratchFolder folder;
  {
    const PeerBoard old({.folder = folder / "run/ranks", .launch = "old", .rank = 1, .size = 2},
                        [] { return Activity{}; });
    // Who makes a folder removes it: the old one, which goes last.
    while (!std::filesystem::exists(folder / "run/ranks/rank-0001.json"))
      std::this_thread::sleep_for(milliseconds(1));
    PeerBoard board({.folder = folder / "run/ranks",
                     .launch = "new",
                     .rank = 0,
                     .size = 2,
                     .interval = milliseconds(10)},
                    [] { return Activity{}; });
    board.look(true);
    while (board.peers().empty()) std::this_thread::sleep_for(milliseconds(5));
    EXPECT_EQ(board.peers().at(0).presence, Peer::Presence::absent);
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "run"));
}

TEST(WatchedCommunicator, NamesTheCollectiveThatARankWaitsIn) {
  std::vector<std::string> seen;
  Watched watched({.on_enter = [&](const Activity& activity) {
    EXPECT_TRUE(activity.waits_for_ranks);
    seen.push_back(activity.operation);
  }});
  class Group : public Communicator {
   public:
    class Done : public Request {
      bool test() override { return true; }
      void wait() override {}
    };
    int rank() const override { return 0; }
    int size() const override { return 2; }
    std::string backend() const override { return "test"; }
    void all_reduce(Buffer, ReduceOp) override {}
    std::unique_ptr<Request> all_reduce_async(Buffer) override { return std::make_unique<Done>(); }
    void broadcast(Buffer, int) override {}
    void barrier() override {}
    [[noreturn]] void abort(int code) override { _exit(code); }
  } group;
  const std::unique_ptr<Communicator> communicator = watch(group, *watched.watchdog);
  EXPECT_EQ(communicator->size(), 2);
  std::array<float, 1> value{};
  communicator->all_reduce(std::span(value), ReduceOp::sum);
  communicator->all_reduce_async(std::span(value))->wait();
  communicator->broadcast(std::span(value), 0);
  communicator->barrier();
  EXPECT_THAT(seen, testing::ElementsAre("all_reduce", "gradient all_reduce", "gradient all_reduce",
                                         "broadcast", "barrier"));
}

}  // namespace
}  // namespace parlando::dist
