#include <array>
#include <cstdint>
#include <memory>

#include <fmt/format.h>
#include <unistd.h>

#include "common/core/error.h"
#include "common/dist/mpi_communicator.h"

/// Rank 0 starts a collective that the other ranks never join.
int main() {
  using namespace parlando;
  const std::unique_ptr<dist::Communicator> group =
      dist::make_mpi_communicator(/*timeout_seconds=*/2);
  if (group->rank() != 0) {
    sleep(50);  // ended by rank 0's abort long before
    return 1;
  }
  std::array<std::int64_t, 1> value{1};
  try {
    group->all_reduce(std::span(value), dist::ReduceOp::sum);
  } catch (const Error& error) {
    fmt::print("{}\n", error.what());
    std::fflush(stdout);
    group->abort(error.exit_code());
  }
  return 1;
}
