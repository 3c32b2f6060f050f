#include "common/metrics/reliability.h"

#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/metrics/wilson.h"

namespace parlando::metrics {
namespace {

TEST(Reliability, AddsBinsOverRunsAndTakesTheIntervalOfOneRun) {
  const std::vector<std::vector<CalibrationBin>> runs{{{10, 0.25, 0.5}, {0, 0, 0}, {40, 0.9, 0.8}},
                                                      {{30, 0.45, 0.9}, {0, 0, 0}, {40, 0.8, 0.9}}};
  const std::vector<ReliabilityPoint> points = reliability(runs);
  ASSERT_EQ(points.size(), 2u) << "empty bins are no points";
  EXPECT_DOUBLE_EQ(points[0].clips, 20);
  EXPECT_DOUBLE_EQ(points[0].confidence, 0.4);
  EXPECT_DOUBLE_EQ(points[0].accuracy.value, 0.8);
  EXPECT_DOUBLE_EQ(points[0].accuracy.low, wilson_interval(16, 20).low);
  EXPECT_DOUBLE_EQ(points[1].accuracy.high, wilson_interval(34, 40).high);
}

TEST(Reliability, RefusesRunsOfDifferentBins) {
  const std::vector<std::vector<CalibrationBin>> runs{{{1, 0.5, 1}}, {}};
  EXPECT_THROW(reliability(runs), Error);
  EXPECT_TRUE(reliability({}).empty());
}

}  // namespace
}  // namespace parlando::metrics
