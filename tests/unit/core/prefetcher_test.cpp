#include "common/core/prefetcher.h"

#include <atomic>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "common/core/error.h"

namespace parlando {
namespace {

using namespace std::chrono_literals;

TEST(Prefetcher, GivesItemsInOrderForAnyNumberOfThreads) {
  for (const std::size_t threads : {1u, 2u, 5u}) {
    for (const std::size_t depth : {1u, 3u}) {
      Prefetcher<std::size_t> items(4, 204, depth, threads, [](std::size_t i) {
        // Later items are ready sooner.
        std::this_thread::sleep_for(std::chrono::microseconds(100 * (3 - i % 4)));
        return i * i;
      });
      for (std::size_t i = 4; i < 204; ++i) EXPECT_EQ(items.next(), i * i);
      EXPECT_TRUE(items.done());
    }
  }
}

TEST(Prefetcher, MovesItemsThatCannotBeCopied) {
  Prefetcher<std::unique_ptr<int>> items(
      0, 3, 2, 1, [](std::size_t i) { return std::make_unique<int>(static_cast<int>(i)); });
  for (int i = 0; i < 3; ++i) EXPECT_EQ(*items.next(), i);
}

TEST(Prefetcher, HoldsNoMoreThanItsDepth) {
  std::atomic<int> alive = 0, most = 0;
  struct Counted {
    std::atomic<int>* count;
    ~Counted() { --*count; }
  };
  Prefetcher<std::unique_ptr<Counted>> items(0, 60, 3, 2, [&](std::size_t) {
    const int count = ++alive;
    int before = most;
    while (before < count && !most.compare_exchange_weak(before, count)) {
    }
    return std::unique_ptr<Counted>(new Counted{&alive});
  });
  std::this_thread::sleep_for(20ms);
  EXPECT_EQ(alive, 3) << "nobody takes any: the queue is full and stays so";
  while (!items.done()) items.next();
  EXPECT_LE(most, 3 + 1) << "and the one that was taken last";
  EXPECT_EQ(alive, 0);
}

TEST(Prefetcher, ThrowsWhatTheMakerThrewInTheItemsPlace) {
  Prefetcher<int> items(0, 6, 4, 2, [](std::size_t i) -> int {
    if (i == 2) fail(ErrorKind::artefact, "shard-00007.h5: damaged");
    return static_cast<int>(i);
  });
  EXPECT_EQ(items.next(), 0);
  EXPECT_EQ(items.next(), 1);
  try {
    items.next();
    FAIL() << "the error is lost";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::artefact);
    EXPECT_STREQ(error.what(), "shard-00007.h5: damaged");
  }
  EXPECT_EQ(items.next(), 3);
}

TEST(Prefetcher, StopsWithoutMakingTheRest) {
  std::atomic<int> made = 0;
  {
    Prefetcher<int> items(0, 1'000'000, 2, 2, [&](std::size_t) { return ++made; });
    items.next();
  }
  EXPECT_LE(made, 1 + 2 + 2);
}

TEST(Prefetcher, OfNoItemsIsDone) {
  const Prefetcher<int> items(5, 5, 2, 1, [](std::size_t) { return 0; });
  EXPECT_TRUE(items.done());
}

TEST(Prefetcher, CountsTheTimeThatItWasWaitedFor) {
  Prefetcher<int> slow(0, 2, 1, 1, [](std::size_t) {
    std::this_thread::sleep_for(30ms);
    return 0;
  });
  slow.next();
  EXPECT_GE(slow.waited(), 0.02);
  std::this_thread::sleep_for(60ms);
  const double before = slow.waited();
  slow.next();
  EXPECT_LT(slow.waited() - before, 0.02) << "the second one was ready";
}

}  // namespace
}  // namespace parlando
