#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/dist/communicator.h"
#include "common/dist/launch.h"

namespace parlando::dist {

/// Where a rank runs.
struct Placement {
  std::string host;
  std::string device;      ///< "cpu", or a GPU by its name
  std::string cores;       ///< that it may run on: "0-3,8"
  std::string numa_nodes;  ///< of these cores: "0", "0-1"; "-" where the system does not say
};

/// This process's, as the kernel tells it. `nodes`: folder of NUMA nodes.
Placement placement_here(const std::string& device,
                         const std::filesystem::path& nodes = "/sys/devices/system/node");

/// That of every rank, known to all ranks.
std::vector<Placement> gather_placements(Communicator& communicator, const Placement& own);

/// Which of the ranks on its host this one is, found by the hosts' names: what launchers say is not
/// the same everywhere.
struct HostShare {
  int rank = 0;
  int size = 1;
};
HostShare share_of_host(Communicator& communicator);

/// A table with a line for each rank.
std::string placement_table(const std::vector<Placement>& placements);

/// The device of a rank among the `devices` that it sees: that of its number on the host, or the
/// only one, if the launcher shows each rank its own (`restricted`: CUDA_VISIBLE_DEVICES is set).
/// Throws Error(usage) if there are too few.
int choose_device(const LaunchEnvironment& launch, int devices, bool restricted);

/// Numbers in rising order as ranges: {0, 1, 2, 8} -> "0-2,8"; and back. Text that is no list gives
/// the numbers before the mistake.
std::string format_ranges(const std::vector<int>& numbers);
std::vector<int> parse_ranges(const std::string& text);

}  // namespace parlando::dist
