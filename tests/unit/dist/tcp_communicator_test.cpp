#include "common/dist/tcp_communicator.h"

#include <array>
#include <functional>
#include <numeric>
#include <optional>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/dist/connect.h"

namespace parlando::dist {
namespace {

using testing::HasSubstr;

int free_port() {
  return listen_on({"127.0.0.1", 0}).local_port();
}

TcpMeeting meeting(int port, int rank, int size, double timeout = 10) {
  return {.root = {"127.0.0.1", port}, .rank = rank, .size = size, .timeout_seconds = timeout};
}

/// Runs body(rank) for every rank on a thread of its own; what each threw.
std::vector<std::string> run_ranks(int size, const std::function<void(int)>& body) {
  std::vector<std::string> errors(static_cast<std::size_t>(size));
  std::vector<std::thread> threads;
  for (int rank = 0; rank < size; ++rank) {
    threads.emplace_back([&, rank] {
      try {
        body(rank);
      } catch (const Error& error) {
        errors[static_cast<std::size_t>(rank)] = error.what();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return errors;
}

TEST(TcpCommunicator, SumsOverFourRanks) {
  const int port = free_port();
  const auto errors = run_ranks(4, [&](int rank) {
    const auto group = make_tcp_communicator(meeting(port, rank, 4), 10);
    std::vector<float> large(300001, static_cast<float>(rank));
    const auto request = group->all_reduce_async(std::span(large));
    std::array<std::int64_t, 1> small{rank};
    group->all_reduce(std::span(small), ReduceOp::max);
    EXPECT_EQ(small[0], 3);
    request->wait();
    EXPECT_EQ(large.front(), 6);
    EXPECT_EQ(large.back(), 6);
    group->barrier();
  });
  for (const std::string& error : errors) EXPECT_EQ(error, "");
}

TEST(Connect, SaysThatTheAddressIsMissing) {
  LaunchEnvironment launch{.rank = 0, .world_size = 2, .launcher = "torchrun"};
  launch.rendezvous = Rendezvous::tcp;
  launch.root_host = "127.0.0.1";
  try {
    connect(launch, 1);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.what(), HasSubstr("MASTER_PORT"));
  }
}

TEST(TcpMeeting, NamesTheRankThatDoesNotCome) {
  const int port = free_port();
  const auto errors = run_ranks(2, [&](int rank) { meet(meeting(port, rank, 3, 1)); });
  EXPECT_THAT(errors[0], HasSubstr("rank 2 did not connect"));
  EXPECT_THAT(errors[1], HasSubstr("rank 1 of 3 did not get together"));
}

TEST(TcpMeeting, RefusesTwoProcessesOfOneRank) {
  const int port = free_port();
  const auto errors = run_ranks(3, [&](int i) { meet(meeting(port, std::min(i, 1), 3)); });
  EXPECT_THAT(errors[0], HasSubstr("two processes call themselves rank 1"));
  EXPECT_THAT(errors[1], HasSubstr("refused"));
  EXPECT_THAT(errors[2], HasSubstr("refused"));
}

TEST(TcpMeeting, RefusesRanksThatWereToldOfAnotherNumber) {
  const int port = free_port();
  const auto errors = run_ranks(2, [&](int rank) { meet(meeting(port, rank, rank == 0 ? 2 : 4)); });
  EXPECT_THAT(errors[0], HasSubstr("a rank was told of 4 ranks, rank 0 of 2"));
  EXPECT_THAT(errors[1], HasSubstr("refused"));
}

TEST(TcpMeeting, DropsStrangers) {
  const int port = free_port();
  const auto errors = run_ranks(3, [&](int i) {
    if (i < 2) {
      const auto group = make_tcp_communicator(meeting(port, i, 2), 10);
      group->barrier();
      return;
    }
    const Deadline deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    const Socket stranger = connect_to({"127.0.0.1", port}, deadline);
    stranger.send_all(std::as_bytes(std::span("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")),
                      deadline);
  });
  EXPECT_EQ(errors[0], "");
  EXPECT_EQ(errors[1], "");
}

TEST(TcpCommunicator, NoticesARankThatLeaves) {
  const int port = free_port();
  const auto errors = run_ranks(2, [&](int rank) {
    const auto group = make_tcp_communicator(meeting(port, rank, 2), 10);
    if (rank == 0) group->barrier();
  });
  EXPECT_THAT(errors[0], HasSubstr("lost the connection to rank 1"));
}

TEST(TcpCommunicator, GivesUpOnARankThatIsLate) {
  const int port = free_port();
  const auto errors = run_ranks(2, [&](int rank) {
    const auto group = make_tcp_communicator(meeting(port, rank, 2), /*timeout_seconds=*/1);
    if (rank == 0) group->barrier();
    if (rank == 1) std::this_thread::sleep_for(std::chrono::seconds(2));
  });
  EXPECT_THAT(errors[0], HasSubstr("rank 0: barrier got no answer from rank 1 within 1 s"));
}

}  // namespace
}  // namespace parlando::dist
