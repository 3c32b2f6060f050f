#include "common/metrics/holm.h"

#include <cmath>
#include <limits>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parlando::metrics {
namespace {

using testing::DoubleNear;
using testing::Pointwise;

constexpr double kTight = 1e-12;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

TEST(HolmAdjusted, MultipliesStepByStepAndNeverFalls) {
  // By hand: 4 * .005, 3 * .01, 2 * .03, and .04 lifted to the one before it.
  EXPECT_THAT(holm_adjusted(std::vector<double>{0.01, 0.04, 0.03, 0.005}),
              Pointwise(DoubleNear(kTight), {0.03, 0.06, 0.06, 0.02}));
}

TEST(HolmAdjusted, StaysAtMostOne) {
  EXPECT_THAT(holm_adjusted(std::vector<double>{0.5, 0.6}),
              Pointwise(DoubleNear(kTight), {1.0, 1.0}));
  EXPECT_THAT(holm_adjusted(std::vector<double>{0.04}), Pointwise(DoubleNear(kTight), {0.04}));
  EXPECT_TRUE(holm_adjusted({}).empty());
}

TEST(HolmAdjusted, DoesNotCountComparisonsWithoutATest) {
  const std::vector<double> adjusted = holm_adjusted(std::vector<double>{kNone, 0.02, 0.01, kNone});
  EXPECT_TRUE(std::isnan(adjusted[0]));
  EXPECT_NEAR(adjusted[1], 0.02, kTight);
  EXPECT_NEAR(adjusted[2], 0.02, kTight);
}

}  // namespace
}  // namespace parlando::metrics
