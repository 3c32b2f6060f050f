#include "train/run/device.h"

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "common/core/cpu.h"
#include "common/core/error.h"
#include "common/dist/nccl_communicator.h"
#include "common/dist/placement.h"
#include "train/run/cuda_stream.h"

namespace parlando::train {

int threads_per_rank(int configured, const dist::LaunchEnvironment& launch) {
  if (configured > 0) return configured;
  const int cores = available_cores();
  const bool bound = cores < static_cast<int>(std::thread::hardware_concurrency());
  return bound ? cores : std::max(1, cores / std::max(1, launch.local_size));
}

at::Device device_of(const TrainConfig& config, const dist::LaunchEnvironment& launch) {
  if (config.device == "cpu") return at::kCPU;
  if (!dist::has_nccl()) {
    fail(ErrorKind::usage,
         "device=cuda, but this build has no CUDA; use device=cpu or build the 'cuda' preset");
  }
  const int devices = cuda_device_count();
  if (devices == 0)
    fail(ErrorKind::usage, "device=cuda, but this machine shows no CUDA device; use device=cpu");
  const bool restricted = std::getenv("CUDA_VISIBLE_DEVICES") != nullptr;
  return {at::kCUDA,
          static_cast<at::DeviceIndex>(dist::choose_device(launch, devices, restricted))};
}

std::unique_ptr<dist::Communicator> make_gradient_communicator(
    const TrainConfig& config, const dist::LaunchEnvironment& launch, dist::Communicator& host) {
  const at::Device device = device_of(config, launch);
  if (device.is_cpu()) return nullptr;
  return dist::make_nccl_communicator(host, device.index(), current_cuda_stream(device.index()),
                                      config.distributed.timeout_seconds);
}

}  // namespace parlando::train
