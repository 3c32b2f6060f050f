#include "common/dist/device_communicator.h"

#include <array>
#include <functional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/dist/tcp_communicator.h"
#include "common/dist/together.h"
#include "tests/support/standin_backend.h"

namespace parlando::dist {
namespace {

using test::StandInBackend;
using test::StandInOptions;
using testing::ElementsAre;
using testing::HasSubstr;

using Log = std::vector<std::string>;

std::unique_ptr<Communicator> make(Communicator& host, Log& log, const StandInOptions& options,
                                   double timeout = 10) {
  return make_device_communicator(host, std::make_unique<StandInBackend>(host, log, options),
                                  timeout);
}

/// What body throws: its kind and message.
std::pair<ErrorKind, std::string> error_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return {error.kind(), error.what()};
  }
  return {ErrorKind::internal, "nothing was thrown"};
}

TEST(DeviceCommunicator, PollsUntilCallsAreTakenInAndMarksArePassed) {
  const auto host = make_single_communicator();
  Log log;
  const auto group = make(*host, log, {.polls_until_ready = 3, .polls_until_passed = 5});
  std::array<float, 3> values{1, 2, 3};
  const auto request = group->all_reduce_async(std::span(values));
  EXPECT_FALSE(request->test());
  request->wait();
  group->broadcast(std::span(values), 0);
  EXPECT_THAT(log, ElementsAre("make_id", "start with id 4711", "all_reduce of 3", "hold_compute",
                               "broadcast of 3", "hold_compute"));
}

TEST(DeviceCommunicator, GivesTheGroupUpWhenItDoesNotStart) {
  const auto host = make_single_communicator();
  Log log;
  const auto [kind, message] =
      error_of([&] { make(*host, log, {.never_starts = true}, /*timeout=*/0.2); });
  EXPECT_EQ(kind, ErrorKind::distributed);
  EXPECT_THAT(message, HasSubstr("rank 0: stand-in start: no answer"));
  EXPECT_EQ(log.back(), "abort");
}

TEST(DeviceCommunicator, GivesTheGroupUpWhenARankIsLost) {
  const auto host = make_single_communicator();
  Log log;
  const auto group = make(*host, log, {.hangs = true}, /*timeout=*/0.2);
  std::array<float, 1> value{1};
  const auto request = group->all_reduce_async(std::span(value));
  const auto [kind, message] = error_of([&] { request->wait(); });
  EXPECT_EQ(kind, ErrorKind::distributed);
  EXPECT_THAT(message, HasSubstr("gradient all_reduce: no answer"));
  EXPECT_EQ(log.back(), "abort");
}

TEST(DeviceCommunicator, GivesTheGroupUpWhenTheLibraryReportsAnError) {
  const auto host = make_single_communicator();
  Log log;
  const auto group = make(*host, log, {.breaks_in = "all_reduce"});
  std::array<float, 1> value{1};
  const auto [kind, message] =
      error_of([&] { group->all_reduce(std::span(value), ReduceOp::sum); });
  EXPECT_EQ(kind, ErrorKind::distributed);
  EXPECT_THAT(message, HasSubstr("all_reduce: the stand-in broke"));
  EXPECT_EQ(log.back(), "abort");
}

/// Two ranks with options of their own over TCP; what each threw.
std::array<std::pair<ErrorKind, std::string>, 2> errors_of_two(const StandInOptions& first,
                                                               const StandInOptions& second,
                                                               std::array<Log, 2>& logs) {
  const int port = listen_on({"127.0.0.1", 0}).local_port();
  std::array<std::pair<ErrorKind, std::string>, 2> errors;
  const auto run = [&](int rank, const StandInOptions& options) {
    const auto host = make_tcp_communicator(
        {.root = {"127.0.0.1", port}, .rank = rank, .size = 2, .timeout_seconds = 10}, 10);
    const auto i = static_cast<std::size_t>(rank);
    errors[i] = error_of([&] {
      const auto group = make(*host, logs[i], options);
      std::array<float, 1> value{1.0F + static_cast<float>(rank)};
      group->all_reduce(std::span(value), ReduceOp::sum);
      fail(ErrorKind::internal, "sum {}", value[0]);
    });
    host->barrier();
  };
  std::thread other([&] { run(1, second); });
  run(0, first);
  other.join();
  return errors;
}

TEST(DeviceCommunicator, SharesRankZerosId) {
  std::array<Log, 2> logs;
  const auto errors = errors_of_two({.device = "a"}, {.device = "b"}, logs);
  EXPECT_EQ(errors[0].second, "sum 3");
  EXPECT_EQ(errors[1].second, "sum 3");
  EXPECT_THAT(logs[1], ElementsAre("start with id 4711", "all_reduce of 1", "hold_compute"));
}

TEST(DeviceCommunicator, RefusesRanksWithDifferentVersions) {
  std::array<Log, 2> logs;
  const auto errors = errors_of_two({.device = "a"}, {.version = 21800, .device = "b"}, logs);
  EXPECT_EQ(errors[0].first, ErrorKind::distributed);
  EXPECT_EQ(errors[1].first, ErrorKind::distributed);
  EXPECT_THAT(errors[0].second, HasSubstr("rank 1 has stand-in 21800, rank 0 has 22809"));
}

TEST(DeviceCommunicator, RefusesTwoRanksOnOneDevice) {
  std::array<Log, 2> logs;
  const auto errors = errors_of_two({}, {}, logs);
  EXPECT_EQ(errors[0].first, ErrorKind::usage);
  EXPECT_EQ(errors[1].first, ErrorKind::usage);
  EXPECT_THAT(errors[0].second, HasSubstr("ranks 0 and 1 have the same device"));
}

}  // namespace
}  // namespace parlando::dist
