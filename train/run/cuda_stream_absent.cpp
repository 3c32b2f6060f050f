#include "common/core/error.h"
#include "train/run/cuda_stream.h"
#include "train/run/device.h"

namespace parlando::train {

void* current_cuda_stream(int) {
  fail(ErrorKind::usage, "this build has no CUDA; use device=cpu");
}

int cuda_device_count() {
  return 0;
}

}  // namespace parlando::train
