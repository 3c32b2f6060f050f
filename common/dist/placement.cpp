#include "common/dist/placement.h"

#include <algorithm>
#include <charconv>
#include <fstream>

#include <fmt/format.h>
#include <sched.h>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/core/this_process.h"
#include "common/dist/gather.h"

namespace parlando::dist {
namespace {

std::vector<int> cores_here() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> cores;
  if (sched_getaffinity(0, sizeof(set), &set) != 0) return cores;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &set)) cores.push_back(core);
  }
  return cores;
}

std::string numa_nodes_of(const std::vector<int>& cores, const std::filesystem::path& folder) {
  std::vector<int> nodes;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename();
    int node = 0;
    const auto [end, problem] = std::from_chars(name.data() + std::min<std::size_t>(4, name.size()),
                                                name.data() + name.size(), node);
    if (!name.starts_with("node") || problem != std::errc() || end != name.data() + name.size())
      continue;
    std::string list;
    std::ifstream file(entry.path() / "cpulist");
    std::getline(file, list);
    const std::vector<int> of_node = parse_ranges(list);
    if (std::ranges::find_first_of(cores, of_node) != cores.end()) nodes.push_back(node);
  }
  std::ranges::sort(nodes);
  return nodes.empty() ? "-" : format_ranges(nodes);
}

}  // namespace

int choose_device(const LaunchEnvironment& launch, int devices, bool restricted) {
  if (launch.local_rank < devices && launch.local_size <= devices) return launch.local_rank;
  if (devices == 1 && restricted) return 0;
  fail(
      ErrorKind::usage,
      "{} ranks on the host of rank {}, which sees {} CUDA device{}; start as many ranks on a host "
      "as it has devices",
      launch.local_size, launch.rank, devices, devices == 1 ? "" : "s");
}

std::string format_ranges(const std::vector<int>& numbers) {
  std::string text;
  for (std::size_t i = 0; i < numbers.size();) {
    std::size_t last = i;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
    text += fmt::format("{}{}", text.empty() ? "" : ",", numbers[i]);
    if (last > i) text += fmt::format("-{}", numbers[last]);
    i = last + 1;
  }
  return text;
}

std::vector<int> parse_ranges(const std::string& text) {
  std::vector<int> numbers;
  for (const std::string& part : split_text(text, ',')) {
    int first = 0;
    const char* end = part.data() + part.size();
    const auto [middle, error] = std::from_chars(part.data(), end, first);
    int last = first;
    if (error != std::errc()) return numbers;
    if (middle != end && (*middle != '-' || std::from_chars(middle + 1, end, last).ptr != end))
      return numbers;
    for (int number = first; number <= last; ++number) numbers.push_back(number);
  }
  return numbers;
}

Placement placement_here(const std::string& device, const std::filesystem::path& nodes) {
  const std::vector<int> cores = cores_here();
  return {.host = host_name(),
          .device = device,
          .cores = format_ranges(cores),
          .numa_nodes = numa_nodes_of(cores, nodes)};
}

std::vector<Placement> gather_placements(Communicator& communicator, const Placement& own) {
  std::vector<Placement> placements;
  const std::string line = join_text({own.host, own.device, own.cores, own.numa_nodes}, "\t");
  for (const std::string& text : gather_texts(communicator, line)) {
    const std::vector<std::string> parts = split_text(text, '\t');
    placements.push_back({parts.at(0), parts.at(1), parts.at(2), parts.at(3)});
  }
  return placements;
}

HostShare share_of_host(Communicator& communicator) {
  const std::vector<std::string> hosts = gather_texts(communicator, host_name());
  const auto own = hosts.begin() + communicator.rank();
  return {.rank = static_cast<int>(std::count(hosts.begin(), own, *own)),
          .size = static_cast<int>(std::ranges::count(hosts, *own))};
}

std::string placement_table(const std::vector<Placement>& placements) {
  std::size_t host = 4, device = 6, cores = 5;
  for (const Placement& p : placements) {
    host = std::max(host, p.host.size());
    device = std::max(device, p.device.size());
    cores = std::max(cores, p.cores.size());
  }
  std::string table = fmt::format("rank  {:<{}}  {:<{}}  {:<{}}  NUMA node", "host", host, "device",
                                  device, "cores", cores);
  for (std::size_t rank = 0; rank < placements.size(); ++rank) {
    const Placement& p = placements[rank];
    table += fmt::format("\n{:>4}  {:<{}}  {:<{}}  {:<{}}  {}", rank, p.host, host, p.device,
                         device, p.cores, cores, p.numa_nodes);
  }
  return table;
}

}  // namespace parlando::dist
