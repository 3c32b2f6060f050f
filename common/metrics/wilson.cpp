#include "common/metrics/wilson.h"

#include <algorithm>
#include <cmath>

namespace parlando::metrics {

Figure wilson_interval(double hits, std::int64_t n) {
  constexpr double kZ = 1.959963984540054;
  const auto samples = static_cast<double>(n);
  const double share = hits / samples;
  const double scale = 1 / (1 + kZ * kZ / samples);
  const double middle = scale * (share + kZ * kZ / (2 * samples));
  const double half =
      scale * kZ * std::sqrt(share * (1 - share) / samples + kZ * kZ / (4 * samples * samples));
  return {share, std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

}  // namespace parlando::metrics
