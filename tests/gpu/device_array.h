#pragma once

#include <vector>

#include <cuda_runtime_api.h>

#include "common/dist/communicator.h"

namespace parlando::test {

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

  dist::Buffer buffer() const { return {data_, count_, dist::DataType::float32}; }
  std::vector<float> values() const {
    std::vector<float> host(count_);
    cudaMemcpy(host.data(), data_, count_ * sizeof(float), cudaMemcpyDeviceToHost);
    return host;
  }

 private:
  void* data_ = nullptr;
  std::size_t count_;
};

}  // namespace parlando::test
