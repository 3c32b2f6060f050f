#include "common/metrics/quantile.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace parlando::metrics {
namespace {

TEST(SortedQuantile, IsNumPys) {
  const std::vector<double> values{1, 2, 4, 8, 16};
  // numpy.quantile([1, 2, 4, 8, 16], q)
  EXPECT_NEAR(sorted_quantile(values, 0.025), 1.1, 1e-12);
  EXPECT_NEAR(sorted_quantile(values, 0.3), 2.4, 1e-12);
  EXPECT_NEAR(sorted_quantile(values, 0.975), 15.2, 1e-12);
  EXPECT_DOUBLE_EQ(sorted_quantile(values, 1), 16);
  EXPECT_TRUE(std::isnan(sorted_quantile({}, 0.5)));
}

TEST(Median, IsTheMiddleOrTheMeanOfTheTwoMiddleOnes) {
  EXPECT_DOUBLE_EQ(median(std::vector<double>{3, 1, 2}), 2);
  EXPECT_DOUBLE_EQ(median(std::vector<double>{3, 1, 10, 2}), 2.5);
}

}  // namespace
}  // namespace parlando::metrics
