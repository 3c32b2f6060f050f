#pragma once

#include <memory>

#include "common/dist/communicator.h"

namespace parlando::dist {

/// MPI_COMM_WORLD as a Communicator; MPI is initialised with it and finalised when it goes. Every
/// collective is non-blocking inside and polled, so that a lost peer is noticed after
/// `timeout_seconds`. Throws Error(distributed) if MPI can't start.
std::unique_ptr<Communicator> make_mpi_communicator(double timeout_seconds);

}  // namespace parlando::dist
