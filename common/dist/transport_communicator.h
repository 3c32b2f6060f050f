#pragma once

#include <memory>

#include "common/dist/communicator.h"
#include "common/dist/transport.h"

namespace parlando::dist {

/// The collectives of this project over a transport, on host memory. A waiting rank advances all
/// collectives that it has under way. After `timeout_seconds` without an answer it throws
/// Error(distributed) with the operation, its own rank and the ranks that it waits for.
std::unique_ptr<Communicator> make_transport_communicator(std::unique_ptr<Transport> transport,
                                                          double timeout_seconds);

}  // namespace parlando::dist
