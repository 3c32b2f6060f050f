#include "train/data/memory_limit.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

#include "common/core/error.h"
#include "common/core/text.h"

namespace parlando::train {
namespace {

constexpr std::array<std::pair<std::string_view, double>, 10> kUnits{{{"", 1},
                                                                      {"B", 1},
                                                                      {"KB", 1e3},
                                                                      {"MB", 1e6},
                                                                      {"GB", 1e9},
                                                                      {"TB", 1e12},
                                                                      {"KiB", 1024.0},
                                                                      {"MiB", 1048576.0},
                                                                      {"GiB", 1073741824.0},
                                                                      {"TiB", 1099511627776.0}}};

}  // namespace

std::int64_t memory_limit(const std::string& limit, std::int64_t machine_bytes, int local_ranks) {
  double value = 0;
  const auto [end, error] = std::from_chars(limit.data(), limit.data() + limit.size(), value);
  const std::string unit = trim_text({end, limit.data() + limit.size()});
  const auto* const known = std::ranges::find(kUnits, unit, [](const auto& u) { return u.first; });
  const bool share = unit == "%";
  if (error != std::errc() || !(value >= 0) || (share && value > 100) ||
      (!share && (known == kUnits.end() || value * known->second > 1e18))) {
    fail(ErrorKind::usage,
         "input.memory: '{}' is no share of the machine's memory such as 50%, and no size such as "
         "2GiB or 500MB",
         limit);
  }
  if (!share) return static_cast<std::int64_t>(value * known->second);
  return static_cast<std::int64_t>(value / 100 * static_cast<double>(machine_bytes) /
                                   std::max(1, local_ranks));
}

}  // namespace parlando::train
