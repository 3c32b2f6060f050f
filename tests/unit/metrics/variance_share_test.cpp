#include "common/metrics/variance_share.h"

#include <array>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/random.h"

namespace parlando::metrics {
namespace {

constexpr std::array kValues{.50, .52, .55, .61, .60, .66, .70, .58, .73, .71, .69, .75};
constexpr std::array<std::size_t, 12> kGroups{0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2};
constexpr int kShuffles = 999;

TEST(VarianceShare, IsEpsilonSquared) {
  // (SSB - (k - 1) MSW) / SST by numpy.
  EXPECT_NEAR(variance_share(kValues, kGroups), 0.7224558452481074, 1e-14);
}

TEST(VarianceShare, IsThatOfFourNumbersByHand) {
  // Means 1 and 5 around 3: between 16, within 4, total 20; 1 - (4 / 2) / (20 / 3) = 0.7.
  const std::array<std::size_t, 4> groups{0, 0, 1, 1};
  EXPECT_NEAR(variance_share(std::array{0., 2., 4., 6.}, groups), 0.7, 1e-15);
}

TEST(VarianceShare, TakesOffWhatManyGroupsExplainByChance) {
  constexpr int kRepeats = 200, kValuesEach = 20, kGroupsEach = 10;
  double sum = 0;
  for (std::uint64_t repeat = 0; repeat < kRepeats; ++repeat) {
    RandomStream stream(repeat, "noise");
    std::vector<double> values;
    std::vector<std::size_t> groups;
    for (std::size_t i = 0; i < kValuesEach; ++i) {
      values.push_back(stream.normal());
      groups.push_back(i % kGroupsEach);
    }
    sum += variance_share(values, groups);
  }
  // Uncorrected it would be 9 / 19.
  EXPECT_NEAR(sum / kRepeats, 0, 0.06);
}

TEST(VarianceShare, IsNoNumberWhereNothingCanBeCompared) {
  const std::array<std::size_t, 3> same{0, 0, 0}, apart{0, 1, 2}, two{0, 0, 1};
  EXPECT_TRUE(std::isnan(variance_share(std::array{1., 2., 3.}, same)));
  EXPECT_TRUE(std::isnan(variance_share(std::array{1., 2., 3.}, apart)));
  EXPECT_TRUE(std::isnan(variance_share(std::array{.7, .7, .7}, two)));
  EXPECT_TRUE(std::isnan(variance_share({}, {})));
  EXPECT_TRUE(std::isnan(permutation_p(std::array{.7, .7, .7}, two, kShuffles, 1)));
}

TEST(PermutationP, IsNearTheExactOne) {
  // 2 of the 20 ways to part six numbers into halves part them as well.
  const std::array<std::size_t, 6> groups{0, 0, 0, 1, 1, 1};
  EXPECT_NEAR(permutation_p(std::array{1., 2., 3., 4., 5., 6.}, groups, kShuffles, 1), 0.1, 0.03);
  // scipy.stats.permutation_test of the F statistic: 0.0019.
  EXPECT_LT(permutation_p(kValues, kGroups, kShuffles, 1), 0.008);
}

TEST(PermutationP, DependsOnItsArgumentsAlone) {
  const std::array<std::size_t, 6> groups{0, 1, 0, 1, 0, 1};
  const std::array values{3., 1., 4., 1.5, 5., 9.};
  EXPECT_EQ(permutation_p(values, groups, kShuffles, 5),
            permutation_p(values, groups, kShuffles, 5));
}

TEST(QuantileGroups, AreEquallyLargeAndKeepEqualValuesTogether) {
  EXPECT_THAT(quantile_groups(std::array{8., 1., 7., 2., 6., 3., 5., 4.}, 4),
              testing::ElementsAre(3, 0, 3, 0, 2, 1, 2, 1));
  EXPECT_THAT(quantile_groups(std::array{1., 1., 1., 1., 2., 3.}, 4),
              testing::ElementsAre(1, 1, 1, 1, 3, 3));
}

}  // namespace
}  // namespace parlando::metrics
