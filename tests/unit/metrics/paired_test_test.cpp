#include "common/metrics/paired_test.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "common/core/random.h"

namespace parlando::metrics {
namespace {

constexpr double kTight = 1e-9;
constexpr double kPrinted = 1e-8;  ///< digits that NumPy printed

const std::vector<double> kDifferences{0.012,  -0.004, 0.021, 0.008, 0.015,
                                       -0.001, 0.010,  0.006, 0.018, 0.003};

TEST(CorrectedResampledTTest, IsThePairedTTestWithoutACorrection) {
  const PairedTest test = corrected_resampled_t_test(kDifferences, 0);
  // scipy.stats.ttest_rel(differences, zeros)
  EXPECT_NEAR(test.t, 3.4498752650294904, 1e-8);
  EXPECT_NEAR(test.p, 0.007276145843254654, kTight);
  EXPECT_EQ(test.pairs, 10u);
  EXPECT_DOUBLE_EQ(test.freedom, 9);
}

TEST(CorrectedResampledTTest, WidensTheVarianceByTheShareOfTestClips) {
  const PairedTest test = corrected_resampled_t_test(kDifferences, 0.25);
  // se = d.std(ddof=1) * sqrt(1 / 10 + 0.25); p = 2 * stats.t.sf(d.mean() / se, 9);
  // interval = d.mean() + stats.t.ppf([0.025, 0.975], 9) * se, with scipy
  EXPECT_NEAR(test.mean, 0.0088, kTight);
  EXPECT_NEAR(test.standard_error, 0.004772141378179542, kTight);
  EXPECT_NEAR(test.p, 0.09827895539914847, kTight);
  EXPECT_NEAR(test.low, -0.00199533, kPrinted);
  EXPECT_NEAR(test.high, 0.01959533, kPrinted);
}

TEST(CorrectedResampledTTest, FindsNothingTooOftenOnlyWithoutTheCorrection) {
  // Differences that share the part rho = n_test / (n_test + n_train) of their variance.
  constexpr int kStudies = 2000, kPairs = 10;
  constexpr double kRho = 0.2, kShare = kRho / (1 - kRho);
  int plain = 0, corrected = 0;
  for (int study = 0; study < kStudies; ++study) {
    RandomStream stream(1, "differences", static_cast<std::uint64_t>(study));
    const double common = std::sqrt(kRho) * stream.normal();
    std::vector<double> differences;
    for (int i = 0; i < kPairs; ++i)
      differences.push_back(common + std::sqrt(1 - kRho) * stream.normal());
    plain += corrected_resampled_t_test(differences, 0).p < 0.05 ? 1 : 0;
    corrected += corrected_resampled_t_test(differences, kShare).p < 0.05 ? 1 : 0;
  }
  // 5 % of 2000 with a standard deviation of 10.
  EXPECT_NEAR(corrected, 100, 30);
  EXPECT_GT(plain, 400);
}

TEST(CorrectedResampledTTest, SaysNothingWithoutSpread) {
  const PairedTest one = corrected_resampled_t_test(std::vector<double>{0.1}, 0.25);
  EXPECT_TRUE(std::isnan(one.p));
  EXPECT_DOUBLE_EQ(one.mean, 0.1);
  const PairedTest equal = corrected_resampled_t_test(std::vector<double>{0.5, 0.5, 0.5}, 0.25);
  EXPECT_TRUE(std::isnan(equal.p));
  EXPECT_TRUE(std::isnan(equal.low));
  const PairedTest zero = corrected_resampled_t_test(std::vector<double>{0, 0, 0}, 0.25);
  EXPECT_EQ(zero.p, 1);
  EXPECT_EQ(zero.high, 0);
  EXPECT_TRUE(std::isnan(corrected_resampled_t_test({}, 0).p));
}

}  // namespace
}  // namespace parlando::metrics
