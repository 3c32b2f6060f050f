#include "train/run/cuda_stream.h"

#include <c10/cuda/CUDAStream.h>

#include "train/run/device.h"

namespace parlando::train {

void* current_cuda_stream(int device) {
  return c10::cuda::getCurrentCUDAStream(static_cast<c10::DeviceIndex>(device)).stream();
}

int cuda_device_count() {
  return static_cast<int>(c10::cuda::device_count());
}

}  // namespace parlando::train
