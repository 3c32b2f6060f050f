#include "common/core/cpu.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <string>

#include <sched.h>

namespace parlando {
namespace {

int affinity_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;
}

int slurm_cores() {
  const char* value = std::getenv("SLURM_CPUS_PER_TASK");
  const int cores = value != nullptr ? std::atoi(value) : 0;
  return cores > 0 ? cores : std::numeric_limits<int>::max();
}

// cgroup v2: "max 100000" or "150000 100000" (quota and period in microseconds).
int cgroup_cores() {
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  std::string quota;
  double period = 0;
  if (!(file >> quota >> period) || quota == "max" || period <= 0)
    return std::numeric_limits<int>::max();
  return static_cast<int>(std::ceil(std::atof(quota.c_str()) / period));
}

}  // namespace

int available_cores() {
  return std::max(1, std::min({affinity_cores(), slurm_cores(), cgroup_cores()}));
}

std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("model name")) continue;
    const std::size_t colon = line.find(": ");
    if (colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

}  // namespace parlando
