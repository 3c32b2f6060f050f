#pragma once

#include <span>
#include <vector>

#include "common/metrics/bootstrap.h"
#include "common/metrics/calibration.h"

namespace parlando::metrics {

/// A bin of a reliability diagram: how often predictions of one range of confidence are right.
struct ReliabilityPoint {
  double clips = 0;       ///< a run
  double confidence = 0;  ///< mean
  Figure accuracy;        ///< with its 95 % interval (Wilson)
};

/// The bins of several runs as one diagram, without empty ones. Runs of one study test the same
/// clips again, or clips of the same voices, so that the interval takes as many clips as one run
/// has in the bin on average; counting each run's as further ones would make it too narrow. All
/// runs have as many bins; throws Error(data) if not.
std::vector<ReliabilityPoint> reliability(std::span<const std::vector<CalibrationBin>> runs);

}  // namespace parlando::metrics
