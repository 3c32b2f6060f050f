#pragma once

#include <memory>

#include "common/dist/communicator.h"
#include "common/dist/device_backend.h"

namespace parlando::dist {

/// A Communicator over device memory with one rank for each rank of `host`, over which the group's
/// id travels. Nothing waits for the device without end: a call that does not come back within
/// `timeout_seconds`, or an error that the library reports meanwhile, gives the group up and throws
/// Error(distributed) with operation and rank. All ranks throw together, before the group starts,
/// if they have different versions of the library or if two of them have one device.
std::unique_ptr<Communicator> make_device_communicator(Communicator& host,
                                                       std::unique_ptr<DeviceBackend> backend,
                                                       double timeout_seconds);

}  // namespace parlando::dist
