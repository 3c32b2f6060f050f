#pragma once

#include <memory>

#include "common/dist/communicator.h"

namespace parlando::dist {

/// MPI_COMM_WORLD as a Communicator; MPI is initialised with it and finalised when it goes. MPI
/// carries messages only: sums are made here, in an order that MPI's choice of algorithms has no
/// part in. Waits are polls, so that a lost peer is noticed after `timeout_seconds`.
/// Throws Error(distributed) if MPI can't start.
std::unique_ptr<Communicator> make_mpi_communicator(double timeout_seconds);

}  // namespace parlando::dist
