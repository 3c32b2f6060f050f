#include "common/metrics/student.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace parlando::metrics {
namespace {

TEST(Student, HasTheQuantilesOfTheTables) {
  // Two-sided 95 % points, as in any table of t.
  constexpr double kThreeDecimals = 5e-4;
  EXPECT_NEAR(student_quantile(0.975, 1), 12.706, kThreeDecimals);
  EXPECT_NEAR(student_quantile(0.975, 2), 4.303, kThreeDecimals);
  EXPECT_NEAR(student_quantile(0.975, 4), 2.776, kThreeDecimals);
  EXPECT_NEAR(student_quantile(0.975, 9), 2.262, kThreeDecimals);
  EXPECT_NEAR(student_quantile(0.975, 1e6), 1.960, kThreeDecimals);
  EXPECT_NEAR(student_quantile(0.995, 9), 3.250, kThreeDecimals);
  EXPECT_NEAR(student_quantile(0.025, 4), -2.776, kThreeDecimals);
}

TEST(Student, WithOneDegreeOfFreedomIsCauchys) {
  for (const double t : {-7.0, -1.0, 0.0, 0.3, 1.0, 40.0}) {
    EXPECT_NEAR(student_cdf(t, 1), 0.5 + std::atan(t) / M_PI, 1e-12) << t;
  }
}

TEST(Student, QuantileInvertsTheDistribution) {
  for (const double freedom : {1.0, 2.5, 7.0, 60.0}) {
    for (const double p : {0.01, 0.2, 0.5, 0.8, 0.999})
      EXPECT_NEAR(student_cdf(student_quantile(p, freedom), freedom), p, 1e-12);
  }
}

TEST(Student, IntervalOfAMean) {
  const std::vector<double> values{0.80, 0.82, 0.84};
  EXPECT_NEAR(mean(values), 0.82, 1e-15);
  EXPECT_NEAR(standard_deviation(values), 0.02, 1e-15);
  EXPECT_NEAR(student_half_width(values), 4.303 * 0.02 / std::sqrt(3.0), 1e-5);
  EXPECT_TRUE(std::isnan(student_half_width(std::vector<double>{1.0})));
}

}  // namespace
}  // namespace parlando::metrics
