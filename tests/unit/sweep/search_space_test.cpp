#include "experiments/sweep/space/search_space.h"

#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/config/config.h"
#include "common/core/error.h"

namespace parlando::sweep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

SweepConfig sweep(const std::string& parameters, const std::string& more = "method: grid") {
  return parse_config<SweepConfig>(
      fmt::format(
          "{{train: t.yaml, data: d, metric: {{name: validation_uar}}, parameters: {}, {}}}",
          parameters, more),
      "test");
}

std::vector<std::string> grid(const std::string& parameters) {
  std::vector<std::string> texts;
  for (const Trial& trial : make_trials(sweep(parameters)))
    texts.push_back(describe(trial.parameters));
  return texts;
}

std::string refusal(const std::string& parameters) {
  try {
    make_trials(sweep(parameters));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  return "";
}

TEST(Grid, HasEveryCombinationTheFirstKeySlowest) {
  EXPECT_THAT(grid("{b: {values: [1, 2]}, a: {values: [x, y]}}"),
              ElementsAre("a=x b=1", "a=x b=2", "a=y b=1", "a=y b=2"));
}

TEST(Grid, TakesNestedAndDottedKeysAlike) {
  EXPECT_EQ(grid("{model: {parameters: {lstm: {parameters: {hidden: {values: [8, 16]}}}}}}"),
            grid("{model.lstm.hidden: {values: [8, 16]}}"));
  EXPECT_THAT(refusal("{model.lstm: {value: 1}, model: {parameters: {lstm: {value: 2}}}}"),
              HasSubstr("model.lstm: stands twice"));
}

TEST(Grid, LeavesConditionalParametersOutWhereTheyDoNotApply) {
  EXPECT_THAT(
      grid("{kind: {values: [adam, sgd]}, momentum: {values: [0.5, 0.9], when: {kind: sgd}},"
           " nesterov: {values: [true], when: {momentum: 9e-1}}}"),
      ElementsAre("kind=adam", "kind=sgd momentum=0.5", "kind=sgd momentum=0.9 nesterov=true"));
  EXPECT_THAT(grid("{a: {values: [1, 2, 3]}, b: {value: 0, when: {a: [1, 3]}}}"),
              ElementsAre("a=1 b=0", "a=2", "a=3 b=0"));
}

TEST(Grid, RefusesConditionsThatCannotHold) {
  EXPECT_THAT(refusal("{kind: {value: 1}, b: {value: 0, when: {kin: 1}}}"),
              HasSubstr("'kin' is no parameter of this sweep; did you mean 'kind'?"));
  EXPECT_THAT(refusal("{a: {value: 1, when: {b: 1}}, b: {value: 1, when: {a: 1}}}"),
              HasSubstr("in a circle"));
}

TEST(Grid, RefusesMoreThanAMillion) {
  std::string many = "{";
  for (int i = 0; i < 21; ++i) many += fmt::format("k{}: {{values: [0, 1]}},", i);
  EXPECT_THAT(refusal(many + "}"), HasSubstr("more than 1000000"));
}

TEST(Draws, DependOnSeedKeyAndIndexAlone) {
  const SearchSpace one(sweep("{a: {min: 0.0, max: 1}}").parameters);
  const SearchSpace two(sweep("{a: {min: 0.0, max: 1}, b: {min: 0.0, max: 1}}").parameters);
  for (std::uint64_t i = 0; i < 20; ++i) {
    EXPECT_EQ(one.draw(3, i, 0).front(), two.draw(3, i, 0).front());
    EXPECT_NE(one.draw(3, i, 0), one.draw(4, i, 0));
    EXPECT_NE(two.draw(3, i, 0)[0].second, two.draw(3, i, 0)[1].second);
  }
}

TEST(Draws, AreAllDifferentAndStopWhenTheSpaceIsExhausted) {
  const auto trials = make_trials(
      sweep("{a: {values: [1, 2, 3]}, b: {values: [1, 2]}}", "method: random, run_cap: 50"));
  std::set<Assignment> seen;
  for (const Trial& trial : trials) seen.insert(trial.parameters);
  EXPECT_EQ(seen.size(), trials.size());
  EXPECT_EQ(trials.size(), 6u);
}

TEST(Trials, RepeatEachConfigurationWithAllFoldsAndSeeds) {
  const auto trials =
      make_trials(sweep("{a: {values: [1, 2]}}", "method: grid, seeds: [7, 8], folds: [1, 2, 3]"));
  ASSERT_THAT(trials, SizeIs(12));
  EXPECT_THAT(trials[7].train_keys(), ElementsAre("a=2", "seed=8", "split.fold=1"));
  EXPECT_EQ(trials[5].configuration, 0);
  EXPECT_EQ(trials[6].configuration, 1);
}

TEST(Trials, DivideTheirKeysBetweenPreprocessAndTraining) {
  Trial trial{.parameters = {{"epochs", "3"}, {"preprocess.features.0.n_mels", "64"}},
              .seed = {},
              .fold = {},
              .dataset = ""};
  EXPECT_THAT(trial.train_keys(), ElementsAre("epochs=3"));
  EXPECT_THAT(trial.preprocess_keys(), ElementsAre("features.0.n_mels=64"));
}

TEST(Trials, SurviveTheirFile) {
  const Trial trial{.index = 3,
                    .configuration = 1,
                    .parameters = {{"a", "1e-3"}, {"b", "[1, {c: \"x y\"}]"}},
                    .seed = 18446744073709551615u,
                    .fold = 2,
                    .dataset = "abc"};
  EXPECT_EQ(trial_from_json(parse_json(trial_to_json(trial).dump(), "test"), "test"), trial);
  EXPECT_EQ(yaml_to_json("[1, 2.5, true, x, \"7\", {k: v}]").dump(),
            R"([1,2.5,true,"x","7",{"k":"v"}])");
}

TEST(ExtendedTrials, KeepTheirNumbers) {
  const auto few = make_trials(sweep("{a: {values: [1, 3]}}"));
  const auto many = make_trials(sweep("{a: {values: [1, 2, 3]}}", "method: grid, seeds: [0]"));
  EXPECT_THROW(extend_trials(few, many), Error) << "trials without a seed are not there any more";
  const auto three = make_trials(sweep("{a: {values: [1, 2, 3]}}"));
  const auto extended = extend_trials(few, three);
  ASSERT_THAT(extended, SizeIs(3));
  EXPECT_EQ(extended[1], few[1]);
  EXPECT_EQ(describe(extended[2].parameters), "a=2");
  EXPECT_EQ(extended[2].index, 2);
  EXPECT_EQ(extended[2].configuration, 2);
  EXPECT_EQ(extend_trials(three, three), three);
}

TEST(ExtendedTrials, AddSeedsToTheirConfigurations) {
  const auto one = make_trials(sweep("{a: {values: [1, 2]}}", "method: grid, seeds: [5]"));
  const auto two = make_trials(sweep("{a: {values: [1, 2]}}", "method: grid, seeds: [5, 6]"));
  const auto extended = extend_trials(one, two);
  ASSERT_THAT(extended, SizeIs(4));
  EXPECT_EQ(extended[2].configuration, 0);
  EXPECT_EQ(extended[3].configuration, 1);
}

TEST(Grid, RefusesAConditionOnAValueThatNeverIs) {
  EXPECT_THAT(refusal("{kind: {values: [adam, sgd]}, b: {value: 0, when: {kind: [sgd, adamW]}}}"),
              HasSubstr("b: when: kind is never adamW; its values are adam, sgd"));
}

TEST(Grid, TakesQuotedAndPlainValuesOfAConditionForTheSame) {
  EXPECT_THAT(grid("{kind: {values: [adam, 'sgd']}, b: {value: 0, when: {kind: sgd}}}"),
              ElementsAre("kind=adam", "b=0 kind=\"sgd\""));
}

TEST(Grid, RefusesWhatIsNoKey) {
  EXPECT_THAT(refusal("{'name=x': {values: [1, 2]}}"), HasSubstr("'name=x': is no key"));
  EXPECT_THAT(refusal("{a: {q: 2, parameters: {b: {value: 1}}}}"), HasSubstr("keys below it"));
}

}  // namespace
}  // namespace parlando::sweep
