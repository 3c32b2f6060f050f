#include "common/dist/nccl_communicator.h"

#include <memory>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "tests/gpu/device_array.h"
#include "tests/gpu/device_guard.h"

namespace parlando::dist {
namespace {

TEST(NcclCommunicator, IsPartOfThisBuild) {
  EXPECT_TRUE(has_nccl());
}

TEST(NcclCommunicator, ReducesAndBroadcastsOnOneDevice) {
  PARLANDO_NEED_GPU();
  const std::unique_ptr<Communicator> host = make_single_communicator();
  const std::unique_ptr<Communicator> group = make_nccl_communicator(*host, 0, nullptr, 60);
  std::vector<float> values(100003);
  std::iota(values.begin(), values.end(), 0.0F);
  const test::DeviceArray array(values);
  group->all_reduce(array.buffer(), ReduceOp::sum);
  const std::unique_ptr<Request> request = group->all_reduce_async(array.buffer());
  request->wait();
  group->broadcast(array.buffer(), 0);
  cudaDeviceSynchronize();
  EXPECT_EQ(array.values(), values);
}

}  // namespace
}  // namespace parlando::dist
