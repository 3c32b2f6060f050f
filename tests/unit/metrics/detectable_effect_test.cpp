#include "common/metrics/detectable_effect.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "common/core/random.h"
#include "common/metrics/paired_test.h"

namespace parlando::metrics {
namespace {

TEST(NoncentralStudent, HasScipysValues) {
  // scipy.stats.nct.cdf(t, freedom, noncentrality)
  struct Value {
    double t, freedom, noncentrality, probability;
  };
  const std::vector<Value> values{
      {1.3, 9, 0.7, 0.705280804930172},    {-2.0, 4, 1.1, 0.0057545893776638725},
      {12.7, 1, 3.0, 0.813803218007604},   {4.6, 9, 5.5, 0.23928549763628823},
      {2.26, 9, 3.0, 0.23822902444932975}, {28.0, 2, 10.0, 0.8794132553767423},
      {2.0, 60, 2.5, 0.30848471931089066}};
  for (const Value& value : values) {
    EXPECT_NEAR(noncentral_student_cdf(value.t, value.freedom, value.noncentrality),
                value.probability, 1e-7)
        << value.t << " " << value.freedom;
  }
}

TEST(SmallestDetectableEffect, HasScipysValues) {
  // In standard errors: the root of nct.sf(c, freedom, e) + nct.cdf(-c, freedom, e) = 0.8 with
  // c = t.ppf(1 - level / 2, freedom), by scipy.optimize.brentq.
  struct Value {
    double freedom, level, effect;
  };
  const std::vector<Value> values{{9, 0.05, 3.149632886450718}, {9, 0.0025, 5.195683703139944},
                                  {2, 0.05, 5.653489266197126}, {2, 0.00625, 16.040917207565336},
                                  {4, 0.01, 5.878564042017751}, {29, 0.05, 2.8987428463248626}};
  for (const Value& value : values) {
    EXPECT_NEAR(smallest_detectable_effect(1, value.freedom, value.level), value.effect,
                1e-5 * value.effect)
        << value.freedom << " " << value.level;
  }
}

TEST(SmallestDetectableEffect, IsInTheUnitOfTheStandardError) {
  EXPECT_DOUBLE_EQ(smallest_detectable_effect(0.01, 9, 0.05),
                   0.01 * smallest_detectable_effect(1, 9, 0.05));
  EXPECT_NEAR(t_test_power(0, 1, 9, 0.05), 0.05, 1e-7);
  EXPECT_TRUE(std::isnan(smallest_detectable_effect(0, 9, 0.05)));
  EXPECT_TRUE(std::isnan(smallest_detectable_effect(1, 0, 0.05)));
}

TEST(SmallestDetectableEffect, IsFoundInFourOfFiveStudies) {
  constexpr int kStudies = 1000, kPairs = 10;
  const double effect = smallest_detectable_effect(1 / std::sqrt(double{kPairs}), kPairs - 1, 0.05);
  int found = 0;
  for (int study = 0; study < kStudies; ++study) {
    RandomStream stream(1, "effect", static_cast<std::uint64_t>(study));
    std::vector<double> differences;
    for (int i = 0; i < kPairs; ++i) differences.push_back(effect + stream.normal());
    found += corrected_resampled_t_test(differences, 0).p < 0.05 ? 1 : 0;
  }
  // Standard deviation 13.
  EXPECT_NEAR(found, 800, 40);
}

}  // namespace
}  // namespace parlando::metrics
