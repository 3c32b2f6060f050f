#include "common/metrics/reliability.h"

#include <cmath>

#include "common/core/error.h"
#include "common/metrics/wilson.h"

namespace parlando::metrics {

std::vector<ReliabilityPoint> reliability(std::span<const std::vector<CalibrationBin>> runs) {
  std::vector<ReliabilityPoint> points;
  const std::size_t bins = runs.empty() ? 0 : runs.front().size();
  for (const std::vector<CalibrationBin>& run : runs) {
    if (run.size() != bins)
      fail(ErrorKind::data, "runs of {} and {} calibration bins are no one diagram", bins,
           run.size());
  }
  for (std::size_t i = 0; i < bins; ++i) {
    double n = 0, confidence = 0, hits = 0;
    for (const std::vector<CalibrationBin>& run : runs) {
      const auto clips = static_cast<double>(run[i].n);
      n += clips;
      confidence += clips * run[i].confidence;
      hits += clips * run[i].accuracy;
    }
    if (n == 0) continue;
    const double of_one_run = n / static_cast<double>(runs.size());
    points.push_back(
        {of_one_run, confidence / n, wilson_interval(hits / n * of_one_run, of_one_run)});
  }
  return points;
}

}  // namespace parlando::metrics
