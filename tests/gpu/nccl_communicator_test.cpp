#include "common/dist/nccl_communicator.h"

#include <memory>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "tests/gpu/device_guard.h"

namespace parlando::dist {
namespace {

/// Floats on the device.
class DeviceArray {
 public:
  explicit DeviceArray(const std::vector<float>& values) : count_(values.size()) {
    cudaMalloc(&data_, count_ * sizeof(float));
    cudaMemcpy(data_, values.data(), count_ * sizeof(float), cudaMemcpyHostToDevice);
  }
  ~DeviceArray() { cudaFree(data_); }
  DeviceArray(const DeviceArray&) = delete;
  DeviceArray& operator=(const DeviceArray&) = delete;

  Buffer buffer() const { return {data_, count_, DataType::float32}; }
  std::vector<float> values() const {
    std::vector<float> host(count_);
    cudaMemcpy(host.data(), data_, count_ * sizeof(float), cudaMemcpyDeviceToHost);
    return host;
  }

 private:
  void* data_ = nullptr;
  std::size_t count_;
};

TEST(NcclCommunicator, IsPartOfThisBuild) {
  EXPECT_TRUE(has_nccl());
}

TEST(NcclCommunicator, ReducesAndBroadcastsOnOneDevice) {
  PARLANDO_NEED_GPU();
  const std::unique_ptr<Communicator> host = make_single_communicator();
  const std::unique_ptr<Communicator> group = make_nccl_communicator(*host, 0, nullptr, 60);
  std::vector<float> values(100003);
  std::iota(values.begin(), values.end(), 0.0F);
  const DeviceArray array(values);
  group->all_reduce(array.buffer(), ReduceOp::sum);
  const std::unique_ptr<Request> request = group->all_reduce_async(array.buffer());
  request->wait();
  group->broadcast(array.buffer(), 0);
  cudaDeviceSynchronize();
  EXPECT_EQ(array.values(), values);
}

}  // namespace
}  // namespace parlando::dist
