#pragma once

#include <memory>

#include "common/dist/communicator.h"
#include "common/dist/launch.h"
#include "train/run/train_config.h"
#include "train/torch.h"

namespace parlando::train {

/// Threads for the kernels of one rank: as configured, or its share of the cores of this host. A
/// launcher that binds ranks to cores has shared them out already.
int threads_per_rank(int configured, const dist::LaunchEnvironment& launch);

/// Where the network of this rank lives: the CPU, or the GPU of its local rank.
/// Throws Error(usage) if the configuration asks for a GPU that this build or machine does not
/// have.
at::Device device_of(const TrainConfig& config, const dist::LaunchEnvironment& launch);

/// The group that sums gradients where they lie: null for the CPU, where `host` does it.
std::unique_ptr<dist::Communicator> make_gradient_communicator(
    const TrainConfig& config, const dist::LaunchEnvironment& launch, dist::Communicator& host);

/// CUDA devices that this build can use; 0 in a build without CUDA.
int cuda_device_count();

}  // namespace parlando::train
