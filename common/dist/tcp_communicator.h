#pragma once

#include <memory>
#include <vector>

#include "common/dist/communicator.h"
#include "common/dist/socket.h"

namespace parlando::dist {

/// Who meets where.
struct TcpMeeting {
  TcpAddress root;  ///< where rank 0 listens
  int rank = 0;
  int size = 1;
  double timeout_seconds = 60;  ///< to get together
};

/// One connection to every other rank, by rank; the own place is closed. All ranks connect to rank
/// 0, tell it where they listen themselves, hear of each other and connect. Connections that are
/// not of this project are dropped. Throws Error(distributed), on all ranks that can still be told,
/// if two processes have one rank, if sizes differ, or if a rank does not come in time.
std::vector<Socket> meet(const TcpMeeting& meeting);

/// A Communicator over TCP, for ranks that no MPI connects, with the sums of the MPI one. It trusts
/// the network that it is used in: nothing is encrypted, and who reaches the port can join.
std::unique_ptr<Communicator> make_tcp_communicator(const TcpMeeting& meeting,
                                                    double timeout_seconds);

}  // namespace parlando::dist
