#include "common/dist/connect.h"

#include "common/core/error.h"
#include "common/dist/mpi_communicator.h"
#include "common/dist/tcp_communicator.h"

namespace parlando::dist {
namespace {

/// How long ranks wait for each other at the start: some nodes load programs slowly.
constexpr double kMeetingSeconds = 120;

}  // namespace

std::unique_ptr<Communicator> connect(const LaunchEnvironment& launch, double timeout_seconds) {
  if (launch.world_size == 1) return make_single_communicator();
  if (launch.rendezvous == Rendezvous::tcp) {
    if (launch.root_host.empty() || launch.root_port == 0) {
      fail(ErrorKind::usage,
           "{} ranks of {} that MPI does not connect need MASTER_ADDR, the host of rank 0, and "
           "MASTER_PORT, a free port there; or start them with mpirun or srun --mpi=pmix",
           launch.world_size, launch.launcher);
    }
    return make_tcp_communicator({.root = {launch.root_host, launch.root_port},
                                  .rank = launch.rank,
                                  .size = launch.world_size,
                                  .timeout_seconds = kMeetingSeconds},
                                 timeout_seconds);
  }
  std::unique_ptr<Communicator> group = make_mpi_communicator(timeout_seconds);
  if (group->size() != launch.world_size) {
    fail(ErrorKind::distributed,
         "{} started {} processes, but MPI connects {}; with srun use --mpi=pmix, with mpirun its "
         "own MPI",
         launch.launcher, launch.world_size, group->size());
  }
  return group;
}

}  // namespace parlando::dist
