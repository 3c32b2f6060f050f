#include "experiments/sweep/space/distribution.h"

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/config/config.h"
#include "common/core/error.h"
#include "common/metrics/student.h"

namespace parlando::sweep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Distribution parse(const std::string& yaml) {
  return Distribution("key", parse_config<Parameter>(yaml, "test"));
}

std::string refusal(const std::string& yaml) {
  try {
    parse(yaml);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  return "";
}

std::vector<double> draws(const std::string& yaml, int count = 4000) {
  const Distribution distribution = parse(yaml);
  std::vector<double> values;
  for (int i = 0; i < count; ++i) {
    RandomStream stream(7, "test", static_cast<std::uint64_t>(i));
    values.push_back(std::stod(distribution.draw(stream)));
  }
  return values;
}

TEST(Distribution, FollowsFromTheKeysGiven) {
  EXPECT_EQ(parse("value: 3").kind(), "constant");
  EXPECT_EQ(parse("values: [1, 2]").kind(), "categorical");
  EXPECT_EQ(parse("{min: 1, max: 8}").kind(), "int_uniform");
  EXPECT_EQ(parse("{min: 1.0, max: 8}").kind(), "uniform");
}

TEST(Distribution, KeepsValuesAsTheyWereWritten) {
  EXPECT_THAT(parse("values: [1e-3, adam, true, [3, 5], {a: 1}]").list(),
              ElementsAre("1e-3", "adam", "true", "[3, 5]", "{a: 1}"));
}

TEST(Distribution, DrawsWithinItsBounds) {
  for (const double value : draws("{distribution: log_uniform_values, min: 1e-4, max: 1e-1}")) {
    EXPECT_GE(value, 1e-4 * (1 - 1e-5));
    EXPECT_LE(value, 1e-1 * (1 + 1e-5));
  }
  std::map<double, int> counts;
  for (const double value : draws("{min: 3, max: 6}")) ++counts[value];
  ASSERT_EQ(counts.size(), 4u);
  for (const auto& [value, count] : counts) EXPECT_NEAR(count, 1000, 120) << value;
}

TEST(Distribution, HasTheMomentsOfItsName) {
  const auto expect = [](const std::string& yaml, double mean, double deviation,
                         double (*scale)(double)) {
    std::vector<double> values = draws(yaml);
    for (double& value : values) value = scale(value);
    const double error = 4 * deviation / std::sqrt(static_cast<double>(values.size()));
    EXPECT_NEAR(metrics::mean(values), mean, error) << yaml;
    EXPECT_NEAR(metrics::standard_deviation(values), deviation, deviation * 0.05) << yaml;
  };
  const auto plain = [](double x) { return x; };
  const auto logarithm = [](double x) { return std::log(x); };
  const double root_12 = std::sqrt(12.0);
  expect("{min: 2.0, max: 5}", 3.5, 3 / root_12, plain);
  expect("{distribution: log_uniform, min: -3, max: 1}", -1, 4 / root_12, logarithm);
  expect("{distribution: log_uniform_values, min: 1e-4, max: 1}", std::log(1e-4) / 2,
         -std::log(1e-4) / root_12, logarithm);
  expect("{distribution: normal, mu: 2, sigma: 3}", 2, 3, plain);
  expect("{distribution: log_normal, mu: -1, sigma: 0.5}", -1, 0.5, logarithm);
}

TEST(Distribution, RoundsToStepsWithoutNoise) {
  for (const double value : draws("{distribution: q_uniform, min: 0, max: 1, q: 0.1}", 200))
    EXPECT_DOUBLE_EQ(value, std::round(value * 10) / 10);
  EXPECT_THAT(parse("{distribution: q_uniform, min: 0, max: 0.3, q: 0.1}").list(),
              ElementsAre("0", "0.1", "0.2", "0.3"));
  EXPECT_THAT(parse("{min: 2, max: 4}").list(), ElementsAre("2", "3", "4"));
}

TEST(Distribution, HonoursProbabilities) {
  std::map<double, int> counts;
  for (const double value : draws("{values: [1, 2, 3], probabilities: [0.7, 0.2, 0.1]}"))
    ++counts[value];
  EXPECT_NEAR(counts[1], 2800, 120);
  EXPECT_NEAR(counts[3], 400, 80);
}

TEST(Distribution, RefusesContradictionsByName) {
  EXPECT_THAT(refusal("{}"), HasSubstr("key: has no values"));
  EXPECT_THAT(refusal("{value: 1, values: [2]}"), HasSubstr("exclude each other"));
  EXPECT_THAT(refusal("{min: 3, max: 1}"), HasSubstr("min: 3 is not below max: 1"));
  EXPECT_THAT(refusal("{min: a, max: 1}"), HasSubstr("expected a number, got 'a'"));
  EXPECT_THAT(refusal("{distribution: log_uniform_values, min: 0, max: 1}"), HasSubstr("above 0"));
  EXPECT_THAT(refusal("{distribution: normal, min: 0, max: 1}"), HasSubstr("mu and sigma"));
  EXPECT_THAT(refusal("{distribution: uniform, values: [1]}"), HasSubstr("bounds, not values"));
  EXPECT_THAT(refusal("{values: [1, 2], probabilities: [0.5, 0.6]}"), HasSubstr("probabilities"));
  EXPECT_THAT(refusal("{min: 1, max: 2, q: 0.5}"), HasSubstr("q:"));
  EXPECT_THAT(refusal("{distribution: gaussian}"), HasSubstr("not one of"));
}

TEST(Distribution, OfAContinuumHasNoGrid) {
  EXPECT_THROW(parse("{min: 1.0, max: 2}").list(), Error);
  EXPECT_THROW(parse("{min: 1, max: 1000000}").list(), Error);
}

TEST(Distribution, KnowsItsScale) {
  EXPECT_TRUE(parse("{distribution: log_uniform_values, min: 1e-4, max: 1e-2}").logarithmic());
  EXPECT_TRUE(parse("{values: [1e-4, 1e-3, 1e-2]}").logarithmic());
  EXPECT_FALSE(parse("{values: [16, 32, 64]}").logarithmic());
  EXPECT_FALSE(parse("{values: [0, 1e-4, 1e-2]}").logarithmic()) << "zero has no place there";
  EXPECT_FALSE(parse("{values: [adam, 1e-4, 1e-2]}").logarithmic());
  EXPECT_FALSE(parse("{min: 1e-4, max: 0.5}").logarithmic());
}

TEST(Distribution, RefusesBoundsThatItsNumbersCannotHold) {
  EXPECT_THAT(refusal("{distribution: int_uniform, min: 0, max: 1e25}"), HasSubstr("2^53"));
  EXPECT_THAT(refusal("{min: 100000000000000000, max: 100000000000000064}"), HasSubstr("2^53"));
  EXPECT_THAT(refusal("{min: -1e308, max: 1e308}"), HasSubstr("too large"));
  EXPECT_THAT(refusal("{distribution: log_uniform, min: 0.1, max: 1e5}"),
              HasSubstr("log_uniform_values takes the values themselves"));
  for (const double value : draws("{min: 0, max: 9007199254740992}", 100))
    EXPECT_EQ(value, std::floor(value));
}

TEST(Distribution, KeepsMultiplesOfQWithinItsBounds) {
  const std::string key = "{distribution: q_uniform, min: 13, max: 30, q: 8}";
  EXPECT_THAT(parse(key).list(), ElementsAre("16", "24"));
  for (const double value : draws(key)) EXPECT_TRUE(value == 16 || value == 24) << value;
  EXPECT_THAT(refusal("{distribution: q_uniform, min: 11, max: 19, q: 20}"),
              HasSubstr("no multiple of q: 20"));
}

TEST(Distribution, RefusesAValueThatStandsTwice) {
  EXPECT_THAT(refusal("values: [1e-3, 2, 0.001]"), HasSubstr("0.001 stands twice"));
  EXPECT_THAT(refusal("values: [adam, \"adam\"]"), HasSubstr("stands twice"));
}

}  // namespace
}  // namespace parlando::sweep
