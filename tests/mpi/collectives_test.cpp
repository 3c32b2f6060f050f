#include <array>
#include <memory>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/core/random.h"
#include "common/dist/gather.h"
#include "common/dist/placement.h"
#include "common/dist/together.h"
#include "tests/mpi/group.h"

namespace parlando::dist {
namespace {

using test::group;

template <class T>
std::vector<T> ramp(std::size_t count, int rank) {
  std::vector<T> values(count);
  std::iota(values.begin(), values.end(), static_cast<T>(rank));
  return values;
}

template <class T>
class Collectives : public testing::Test {};
using Types = testing::Types<float, double, std::int64_t>;
TYPED_TEST_SUITE(Collectives, Types);

TYPED_TEST(Collectives, AllReduceSumsMaximisesAndMinimises) {
  for (const std::size_t count : {0u, 1u, 7u, 4096u, 100003u}) {
    const auto n = static_cast<TypeParam>(group().size());
    std::vector<TypeParam> sum = ramp<TypeParam>(count, group().rank());
    std::vector<TypeParam> largest = sum, smallest = sum;
    group().all_reduce(std::span(sum), ReduceOp::sum);
    group().all_reduce(std::span(largest), ReduceOp::max);
    group().all_reduce(std::span(smallest), ReduceOp::min);
    for (std::size_t i = 0; i < count; ++i) {
      const auto index = static_cast<TypeParam>(i);
      ASSERT_EQ(sum[i], n * index + n * (n - 1) / 2);
      ASSERT_EQ(largest[i], index + n - 1);
      ASSERT_EQ(smallest[i], index);
    }
  }
}

/// What rank r brings to a sum: values whose float sum depends on the order.
std::vector<float> rough(std::size_t count, int rank) {
  RandomStream random(7, "rough", static_cast<std::uint64_t>(rank));
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(random.uniform(-1, 1));
  return values;
}

/// ((0 + 1) + (2 + 3)) + ..., written down again from the definition.
float tree_sum(const std::vector<std::vector<float>>& parts, std::size_t element, std::size_t begin,
               std::size_t width) {
  if (width == 1) return parts[begin][element];
  const float left = tree_sum(parts, element, begin, width / 2);
  if (begin + width / 2 >= parts.size()) return left;
  return left + tree_sum(parts, element, begin + width / 2, width / 2);
}

TEST(AllReduce, SumsInTheOrderOfTheTreeWhateverTheSizeOfTheBuffer) {
  // Around the length where one round becomes two, and parts that do not divide.
  for (const std::size_t count : {1u, 2047u, 2048u, 2049u, 50001u}) {
    std::vector<std::vector<float>> parts;
    for (int rank = 0; rank < group().size(); ++rank) parts.push_back(rough(count, rank));
    std::vector<float> sum = parts[static_cast<std::size_t>(group().rank())];
    group().all_reduce(std::span(sum), ReduceOp::sum);
    for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(sum[i], tree_sum(parts, i, 0, 4)) << i;
  }
}

TYPED_TEST(Collectives, BroadcastSendsTheRootsValues) {
  for (int root = 0; root < group().size(); ++root) {
    for (const std::size_t count : {9u, 70001u}) {
      std::vector<TypeParam> values = ramp<TypeParam>(count, group().rank());
      group().broadcast(std::span(values), root);
      EXPECT_EQ(values, ramp<TypeParam>(count, root));
    }
  }
}

TEST(AllReduceAsync, KeepsSeveralOperationsApart) {
  std::vector<std::vector<float>> buffers;
  std::vector<std::unique_ptr<Request>> requests;
  for (int i = 0; i < 5; ++i) buffers.push_back(ramp<float>(1000 + static_cast<std::size_t>(i), i));
  for (std::vector<float>& buffer : buffers)
    requests.push_back(group().all_reduce_async(std::span(buffer)));
  for (std::unique_ptr<Request>& request : requests) request->wait();
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(buffers[static_cast<std::size_t>(i)][3],
              static_cast<float>(group().size() * (i + 3)));
  }
}

TEST(Gather, TellsAllRanksWhatEachHas) {
  const std::vector<std::int64_t> numbers = gather_numbers(group(), -group().rank());
  const std::string own(static_cast<std::size_t>(3 * group().rank()), 'x');
  const std::vector<std::string> texts = gather_texts(group(), own);
  for (int rank = 0; rank < group().size(); ++rank) {
    const auto i = static_cast<std::size_t>(rank);
    EXPECT_EQ(numbers[i], -rank);
    EXPECT_EQ(texts[i], std::string(3 * i, 'x'));
  }
}

TEST(HostShare, IsThisRankAmongAllWhereTheyHaveOneHost) {
  const HostShare share = share_of_host(group());
  EXPECT_EQ(share.rank, group().rank());
  EXPECT_EQ(share.size, group().size());
}

TEST(Together, PassesWhenAllRanksDo) {
  EXPECT_NO_THROW(together(group(), [] {}));
}

TEST(Together, EndsAllRanksWithOneMessageWhenOneFails) {
  const int failing = group().size() - 1;
  try {
    together(group(), [&] {
      if (group().rank() == failing) fail(ErrorKind::data, "clip x is broken");
    });
    ADD_FAILURE() << "nothing was thrown on rank " << group().rank();
  } catch (const AgreedError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    EXPECT_STREQ(error.what(), group().rank() == failing ? "clip x is broken" : "");
  }
}

TEST(Together, LetsTheLowestFailingRankSpeak) {
  try {
    together(group(), [&] { fail(ErrorKind::artefact, "rank {}", group().rank()); });
    ADD_FAILURE() << "nothing was thrown";
  } catch (const AgreedError& error) {
    EXPECT_STREQ(error.what(), group().rank() == 0 ? "rank 0" : "");
  }
}

}  // namespace
}  // namespace parlando::dist
