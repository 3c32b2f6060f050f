#include "common/metrics/rank_correlation.h"

#include <array>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parlando::metrics {
namespace {

TEST(AverageRanks, AreSharedByEqualValues) {
  EXPECT_THAT(average_ranks(std::array{1., 2., 2., 3., 5., 8., 8., 8., 9., 11.}),
              testing::ElementsAre(1, 2.5, 2.5, 4, 5, 7, 7, 7, 9, 10));
}

TEST(Spearman, AgreesWithScipy) {
  // scipy.stats.spearmanr
  const std::array x{1., 2., 2., 3., 5., 8., 8., 8., 9., 11.};
  const std::array y{3.1, 1.2, 4.4, 4.4, 2.0, 6.5, 5.5, 9.1, 7.0, 8.0};
  EXPECT_NEAR(spearman(x, y), 0.8056169522673216, 1e-14);
}

TEST(Spearman, SeesOrderAlone) {
  EXPECT_DOUBLE_EQ(spearman(std::array{1., 2., 3.}, std::array{1., 10., 1000.}), 1);
  EXPECT_DOUBLE_EQ(spearman(std::array{1., 2., 3.}, std::array{5., 4., -3.}), -1);
}

TEST(Spearman, IsNoNumberWithoutVariation) {
  EXPECT_TRUE(std::isnan(spearman(std::array{1.}, std::array{2.})));
  EXPECT_TRUE(std::isnan(spearman(std::array{1., 1., 1.}, std::array{1., 2., 3.})));
}

}  // namespace
}  // namespace parlando::metrics
