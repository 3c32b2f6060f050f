#include <cstdlib>
#include <memory>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "common/core/error.h"
#include "common/dist/nccl_communicator.h"
#include "tests/gpu/device_array.h"
#include "tests/gpu/device_guard.h"
#include "tests/mpi/group.h"

/// Several ranks: with a device each, or, started by one_gpu.sh, on a single device.

namespace parlando::dist {
namespace {

/// Skips unless every rank has a device, its own or, with NCCL_HOSTID, a shared one.
#define PARLANDO_NEED_A_GPU_FOR_EACH_RANK()                                           \
  PARLANDO_NEED_GPU();                                                                \
  if (device_count() < test::group().size() && std::getenv("NCCL_HOSTID") == nullptr) \
  GTEST_SKIP() << test::group().size() << " ranks, but " << device_count() << " CUDA device(s)"

int device_count() {
  int count = 0;
  cudaGetDeviceCount(&count);
  return count;
}

std::unique_ptr<Communicator> make_group(double timeout_seconds) {
  const int device = test::group().rank() % device_count();
  cudaSetDevice(device);
  return make_nccl_communicator(test::group(), device, nullptr, timeout_seconds);
}

std::vector<float> ramp(std::size_t count, int rank) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<float>((i + 1) % 251 + rank);
  return values;
}

TEST(NcclRanks, SumMaximiseAndBroadcast) {
  PARLANDO_NEED_A_GPU_FOR_EACH_RANK();
  const std::unique_ptr<Communicator> group = make_group(60);
  const int size = group->size();
  for (const std::size_t count : {1u, 1000u, 626712u}) {
    const test::DeviceArray sum(ramp(count, group->rank())), largest(ramp(count, group->rank())),
        root(ramp(count, group->rank()));
    group->all_reduce(sum.buffer(), ReduceOp::sum);
    group->all_reduce(largest.buffer(), ReduceOp::max);
    group->broadcast(root.buffer(), size - 1);
    const std::vector<float> sums = sum.values();
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_EQ(sums[i], static_cast<float>(size) * static_cast<float>((i + 1) % 251) +
                             static_cast<float>(size * (size - 1) / 2));
    }
    EXPECT_EQ(largest.values(), ramp(count, size - 1));
    EXPECT_EQ(root.values(), ramp(count, size - 1));
  }
}

TEST(NcclRanks, KeepBucketsApartAndInOrder) {
  PARLANDO_NEED_A_GPU_FOR_EACH_RANK();
  const std::unique_ptr<Communicator> group = make_group(60);
  std::vector<std::unique_ptr<test::DeviceArray>> buckets;
  std::vector<std::unique_ptr<Request>> requests;
  for (int i = 0; i < 5; ++i) {
    buckets.push_back(std::make_unique<test::DeviceArray>(
        std::vector<float>(10000 + static_cast<std::size_t>(i), static_cast<float>(i))));
    requests.push_back(group->all_reduce_async(buckets.back()->buffer()));
  }
  for (const std::unique_ptr<Request>& request : requests) request->wait();
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(buckets[static_cast<std::size_t>(i)]->values().back(),
              static_cast<float>(i * group->size()));
  }
}

TEST(NcclRanks, GiveUpOnARankThatStaysAway) {
  PARLANDO_NEED_A_GPU_FOR_EACH_RANK();
  if (test::group().size() == 1) GTEST_SKIP() << "one rank waits for nobody";
  const std::unique_ptr<Communicator> group = make_group(/*timeout_seconds=*/5);
  const test::DeviceArray array(ramp(1000, 0));
  if (group->is_root()) {
    const std::unique_ptr<Request> request = group->all_reduce_async(array.buffer());
    try {
      request->wait();
      ADD_FAILURE() << "nothing was thrown";
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr("no answer from the other ranks within 5 s"));
    }
  } else {
    sleep(8);
  }
  test::group().barrier();
}

}  // namespace
}  // namespace parlando::dist
