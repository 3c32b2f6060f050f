#include "common/core/error.h"
#include "common/dist/nccl_communicator.h"

namespace parlando::dist {

bool has_nccl() {
  return false;
}

int nccl_version() {
  return 0;
}

std::unique_ptr<Communicator> make_nccl_communicator(Communicator&, int, void*, double) {
  fail(ErrorKind::usage, "this build has no NCCL; use device=cpu, or build the 'cuda' preset");
}

}  // namespace parlando::dist
