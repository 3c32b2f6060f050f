#include <algorithm>
#include <cmath>
#include <limits>

#include "cli/inspect/describe.h"
#include "common/io/npy.h"

namespace parlando::inspect {

Json describe_array(const std::filesystem::path& file) {
  const NpyArray array = read_npy(file);
  double low = std::numeric_limits<double>::infinity(), high = -low, sum = 0;
  std::size_t finite = 0;
  for (const double value : array.values) {
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
    sum += value;
    ++finite;
  }
  Json result{{"shape", array.shape}, {"not_finite", array.values.size() - finite}};
  if (finite > 0) {
    result["least"] = low;
    result["largest"] = high;
    result["mean"] = sum / static_cast<double>(finite);
  }
  return result;
}

}  // namespace parlando::inspect
