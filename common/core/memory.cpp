#include "common/core/memory.h"

#include <algorithm>
#include <array>
#include <fstream>

#include <fmt/format.h>
#include <unistd.h>

namespace parlando {
namespace {

/// The number in a file, or `fallback` if there is none ("max", or no such file).
std::int64_t number_in(const char* path, std::int64_t fallback) {
  std::ifstream file(path);
  std::int64_t value = 0;
  return file >> value && value > 0 ? value : fallback;
}

}  // namespace

std::int64_t machine_memory() {
  const std::int64_t memory = std::int64_t{sysconf(_SC_PHYS_PAGES)} * sysconf(_SC_PAGESIZE);
  const std::int64_t version2 = number_in("/sys/fs/cgroup/memory.max", memory);
  const std::int64_t version1 = number_in("/sys/fs/cgroup/memory/memory.limit_in_bytes", memory);
  return std::min({memory, version1, version2});
}

std::int64_t resident_memory() {
  std::ifstream file("/proc/self/statm");
  std::int64_t size = 0, resident = 0;
  file >> size >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

std::string readable_bytes(std::int64_t bytes) {
  constexpr std::array kUnits{"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024) return fmt::format("{} B", bytes);
  double value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < kUnits.size(); ++unit) value /= 1024;
  return fmt::format("{:.1f} {}", value, kUnits[unit]);
}

}  // namespace parlando
