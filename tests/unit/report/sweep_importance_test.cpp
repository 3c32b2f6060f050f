#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/report/sweep/importance.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/report/sweep_results.h"

namespace parlando::report {
namespace {

constexpr double kGap = std::numeric_limits<double>::quiet_NaN();

class SweepImportance : public testing::Test {
 protected:
  SweepRecord read(const SweepResults& results) {
    results.write(folder_.path());
    return read_sweep(folder_.path());
  }
  test::ScratchFolder folder_;
};

const Importance& of(const SweepRecord& sweep, const std::vector<Importance>& all,
                     const std::string& key) {
  for (const Importance& entry : all) {
    if (sweep.parameters[entry.parameter].key == key) return entry;
  }
  throw std::runtime_error("no parameter " + key);
}

TEST_F(SweepImportance, IsThatOfTheTextbook) {
  // As VarianceShare.IsThatOfFourNumbersByHand: 0.7 for the first key; the second says nothing.
  const SweepRecord sweep = read(SweepResults({{{{"a", 1}, {"kind", "x"}}, {0.0}},
                                               {{{"a", 1}, {"kind", "y"}}, {0.2}},
                                               {{{"a", 2}, {"kind", "y"}}, {0.4}},
                                               {{{"a", 2}, {"kind", "x"}}, {0.6}}}));
  const std::vector<Importance> all = parameter_importance(sweep);
  EXPECT_EQ(sweep.parameters[all.front().parameter].key, "a") << "the largest share first";
  EXPECT_NEAR(of(sweep, all, "a").share, 0.7, 1e-12);
  EXPECT_EQ(of(sweep, all, "kind").share, 0) << "not below 0";
  EXPECT_TRUE(std::isnan(of(sweep, all, "kind").rho)) << "names have no order";
  // Ranks 1.5 1.5 3.5 3.5 against 1 2 3 4.
  EXPECT_NEAR(of(sweep, all, "a").rho, 2 / std::sqrt(5.0), 1e-12);
}

TEST_F(SweepImportance, ComparesAtTheFirstRung) {
  // At the second rung, which only some reach, the order is another.
  const SweepRecord sweep = read(SweepResults({{{{"a", 1}}, {0.1, 0.9}},
                                               {{{"a", 1}}, {0.1}, "stopped"},
                                               {{{"a", 2}}, {0.5, 0.5}},
                                               {{{"a", 2}}, {0.5}, "stopped"}},
                                              {3, 9}));
  EXPECT_NEAR(parameter_importance(sweep).front().share, 1, 1e-12);
}

TEST_F(SweepImportance, CountsAConfigurationOnce) {
  // Two seeds each; one configuration lacks a value and is left out.
  std::vector<MadeUpTrial> trials;
  for (int configuration = 0; configuration < 4; ++configuration) {
    for (const double more : {0.0, 0.02}) {
      trials.push_back({{{"a", configuration % 2}}, {0.1 * configuration + more}});
      trials.back().configuration = configuration;
    }
  }
  trials.back().rung_values = {kGap};
  const std::vector<Importance> all = parameter_importance(read(SweepResults(trials)));
  EXPECT_EQ(all.front().configurations, 3u);
}

TEST_F(SweepImportance, GroupsManyNumbersIntoQuarters) {
  std::vector<MadeUpTrial> trials;
  for (int i = 0; i < 40; ++i)
    trials.push_back({{{"optimizer.learning_rate", std::pow(10.0, -4 + i / 10.0)}}, {0.01 * i}});
  const SweepRecord sweep = read(SweepResults(trials));
  EXPECT_TRUE(sweep.parameters.front().logarithmic);
  const Importance entry = parameter_importance(sweep).front();
  EXPECT_EQ(entry.groups, 4u);
  EXPECT_NEAR(entry.rho, 1, 1e-12);
  EXPECT_GT(entry.share, 0.9);
  EXPECT_DOUBLE_EQ(entry.p, 0.001) << "no shuffle comes near";
}

TEST_F(SweepImportance, IsOfTheTrialsThatHaveTheParameter) {
  const SweepRecord sweep = read(SweepResults({{{{"kind", "adam"}}, {0.1}},
                                               {{{"kind", "adam"}}, {0.2}},
                                               {{{"kind", "adamw"}, {"decay", 0.1}}, {0.3}},
                                               {{{"kind", "adamw"}, {"decay", 0.2}}, {0.4}}}));
  const std::vector<Importance> all = parameter_importance(sweep);
  EXPECT_EQ(of(sweep, all, "decay").configurations, 2u);
  EXPECT_TRUE(std::isnan(of(sweep, all, "decay").share)) << "two values, two groups";
}

}  // namespace
}  // namespace parlando::report
