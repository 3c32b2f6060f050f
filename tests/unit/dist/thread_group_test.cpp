#include "common/dist/thread_group.h"

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/dist/tree_reduce.h"

namespace parlando::dist {
namespace {

using testing::HasSubstr;

// Float sums of these depend on the order.
float value_of(int rank) {
  return rank % 2 == 0 ? 1.0F / static_cast<float>(rank + 1) : 1e7F / static_cast<float>(rank + 2);
}

TEST(ThreadGroup, GivesTheBitsOfTheTree) {
  const auto outer = make_single_communicator();
  for (const int members : {1, 2, 4, 8}) {
    ThreadGroup group(*outer, {.members = members});
    std::vector<float> sums(static_cast<std::size_t>(members));
    group.run([&](int i) {
      std::array<float, 1> value{value_of(i)};
      EXPECT_EQ(group.member(i).rank(), i);
      EXPECT_EQ(group.member(i).size(), members);
      group.member(i).all_reduce(std::span(value), ReduceOp::sum);
      sums[static_cast<std::size_t>(i)] = value[0];
    });
    std::vector<float> values;
    std::vector<void*> pieces;
    for (int i = 0; i < members; ++i) values.push_back(value_of(i));
    for (float& value : values) pieces.push_back(&value);
    tree_reduce(pieces, 1, DataType::float32, ReduceOp::sum);
    for (const float sum : sums) EXPECT_EQ(sum, values[0]) << members;
  }
}

TEST(ThreadGroup, CarriesOutManyOperationsWithFewerThreadsRunningThanThereAre) {
  const auto outer = make_single_communicator();
  ThreadGroup group(*outer, {.members = 4, .running = 1});
  for (int run = 0; run < 20; ++run) {
    group.run([&](int i) {
      std::vector<std::array<double, 2>> buffers(8);
      std::vector<std::unique_ptr<Request>> requests;
      for (std::size_t b = 0; b < buffers.size(); ++b) {
        buffers[b] = {static_cast<double>(i), static_cast<double>(b)};
        requests.push_back(group.member(i).all_reduce_async(std::span(buffers[b])));
      }
      std::array<std::int64_t, 1> root{i};
      group.member(i).broadcast(std::span(root), 2);
      EXPECT_EQ(root[0], 2);
      group.member(i).barrier();
      for (std::size_t b = 0; b < buffers.size(); ++b) {
        requests[b]->wait();
        EXPECT_EQ(buffers[b][0], 6);
        EXPECT_EQ(buffers[b][1], 4 * static_cast<double>(b));
      }
    });
  }
}

std::string error_of(ThreadGroup& group, const std::function<void(int)>& body) {
  try {
    group.run(body);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(ThreadGroup, EndsAllMembersWhenOneFailsAndWorksAgainAfterwards) {
  const auto outer = make_single_communicator();
  ThreadGroup group(*outer, {.members = 3});
  EXPECT_EQ(error_of(group,
                     [&](int i) {
                       if (i == 1) fail(ErrorKind::data, "clip x is broken");
                       group.member(i).barrier();
                     }),
            "clip x is broken");
  EXPECT_EQ(error_of(group, [&](int i) { group.member(i).barrier(); }), "");
}

TEST(ThreadGroup, SaysThatAMemberLeftACollectiveOutInsteadOfWaiting) {
  const auto outer = make_single_communicator();
  ThreadGroup group(*outer, {.members = 2});
  EXPECT_THAT(error_of(group,
                       [&](int i) {
                         if (i == 0) group.member(i).barrier();
                       }),
              HasSubstr("left a collective out"));
}

TEST(ThreadGroup, StartsEachThreadOnce) {
  const auto outer = make_single_communicator();
  std::atomic<int> started = 0;
  ThreadGroup group(*outer, {.members = 2, .running = 0, .on_start = [&] { ++started; }});
  for (int run = 0; run < 3; ++run) group.run([](int) {});
  EXPECT_EQ(started, 2);
}

}  // namespace
}  // namespace parlando::dist
