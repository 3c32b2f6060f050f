#include "common/metrics/wilson.h"

#include <algorithm>
#include <cmath>

namespace parlando::metrics {

Figure wilson_interval(double hits, double n) {
  constexpr double kZ = 1.959963984540054;
  const double share = hits / n;
  const double scale = 1 / (1 + kZ * kZ / n);
  const double middle = scale * (share + kZ * kZ / (2 * n));
  const double half = scale * kZ * std::sqrt(share * (1 - share) / n + kZ * kZ / (4 * n * n));
  return {share, std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

}  // namespace parlando::metrics
