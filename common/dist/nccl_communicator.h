#pragma once

#include <memory>

#include "common/dist/communicator.h"

namespace parlando::dist {

/// True if this build has the NCCL backend.
bool has_nccl();

/// As NCCL counts: 22703 is 2.27.3. 0 in a build without it.
int nccl_version();

/// A Communicator over device memory of CUDA device `device`, with one rank for each rank of
/// `host`, over which the NCCL id travels. Collectives run on a stream of their own that waits for,
/// and is waited for by, the stream given to each call through `compute_stream` (a cudaStream_t).
/// Throws Error(usage) in a build without NCCL, Error(distributed) if NCCL can't start.
std::unique_ptr<Communicator> make_nccl_communicator(Communicator& host, int device,
                                                     void* compute_stream, double timeout_seconds);

}  // namespace parlando::dist
