#include "common/metrics/wilson.h"

#include <gtest/gtest.h>

namespace parlando::metrics {
namespace {

TEST(WilsonInterval, HasItsPublishedValues) {
  // Newcombe, Statistics in Medicine 17:857 (1998), table I: 81 of 263 and 0 of 20, to 4 decimals.
  constexpr double kFourDecimals = 5e-5;
  EXPECT_NEAR(wilson_interval(81, 263).low, 0.2553, kFourDecimals);
  EXPECT_NEAR(wilson_interval(81, 263).high, 0.3662, kFourDecimals);
  EXPECT_NEAR(wilson_interval(0, 20).low, 0, 1e-12);
  EXPECT_NEAR(wilson_interval(0, 20).high, 0.1611, kFourDecimals);
}

TEST(WilsonInterval, IsAboutThreePointsForTheUsualTestSet) {
  const Figure interval = wilson_interval(0.84 * 491, 491);
  EXPECT_NEAR((interval.high - interval.low) / 2, 0.032, 5e-4);
}

TEST(WilsonInterval, StaysWithinZeroAndOne) {
  EXPECT_LE(wilson_interval(3, 3).high, 1.0);
  EXPECT_GE(wilson_interval(0, 3).low, 0.0);
}

}  // namespace
}  // namespace parlando::metrics
