#pragma once

namespace parlando::train {

/// The stream (cudaStream_t) that libtorch computes on for this device.
/// Throws Error(usage) in a build without CUDA.
void* current_cuda_stream(int device);

}  // namespace parlando::train
