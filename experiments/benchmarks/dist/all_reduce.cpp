#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include <fmt/format.h>
#include <mpi.h>

#include "common/dist/mpi_communicator.h"

/// What sums in a fixed order cost: the all_reduce of this project beside MPI_Allreduce, for the
/// gradients of the three reference networks and for the small sums of batch norm. The two take
/// turns; a time is the slower rank's, and the table has the median and the least of them.
///
///     mpirun -np 2 build/bench/bench_all_reduce

namespace parlando {
namespace {

constexpr int kRounds = 200;

double microseconds_of(const std::function<void()>& operation) {
  MPI_Barrier(MPI_COMM_WORLD);
  const auto start = std::chrono::steady_clock::now();
  operation();
  double time =
      std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count();
  MPI_Allreduce(MPI_IN_PLACE, &time, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
  return time;
}

double median(std::vector<double> values) {
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

void compare(dist::Communicator& group, std::size_t floats) {
  std::vector<float> buffer(floats, 0.0F);
  std::vector<double> own, theirs;
  for (int i = 0; i < kRounds; ++i) {
    own.push_back(
        microseconds_of([&] { group.all_reduce(std::span(buffer), dist::ReduceOp::sum); }));
    theirs.push_back(microseconds_of([&] {
      MPI_Allreduce(MPI_IN_PLACE, buffer.data(), static_cast<int>(floats), MPI_FLOAT, MPI_SUM,
                    MPI_COMM_WORLD);
    }));
  }
  if (!group.is_root()) return;
  const double least = std::ranges::min(own), least_mpi = std::ranges::min(theirs);
  fmt::print("{:>10} {:>12.1f} {:>10.1f} {:>7.2f} {:>12.1f} {:>10.1f} {:>7.2f}\n",
             floats * sizeof(float), median(own), median(theirs), median(own) / median(theirs),
             least, least_mpi, least / least_mpi);
}

}  // namespace
}  // namespace parlando

int main() {
  const std::unique_ptr<parlando::dist::Communicator> group =
      parlando::dist::make_mpi_communicator(/*timeout_seconds=*/60);
  if (group->is_root()) {
    fmt::print("{} ranks, microseconds: median, then least\n", group->size());
    fmt::print("{:>10} {:>12} {:>10} {:>7} {:>12} {:>10} {:>7}\n", "bytes", "fixed order", "MPI",
               "ratio", "fixed order", "MPI", "ratio");
  }
  // Batch norm of 128 channels; stack187, mfcc121 and mel128.
  for (const std::size_t floats : {514u, 2048u, 8192u, 228361u, 268224u, 626712u})
    parlando::compare(*group, floats);
}
