#pragma once

#include <memory>

#include "common/dist/communicator.h"
#include "common/dist/launch.h"

namespace parlando::dist {

/// The group of all processes that the launcher started, on the host's memory: over MPI, over TCP,
/// or a single process. `timeout_seconds` is that of its collectives.
/// Throws Error(distributed) if they do not get together, Error(usage) if it is not known where.
std::unique_ptr<Communicator> connect(const LaunchEnvironment& launch, double timeout_seconds);

}  // namespace parlando::dist
