#include <cmath>

#include <gtest/gtest.h>

#include "common/core/error.h"
#include "tests/unit/train/recorded.h"
#include "train/optim/early_stopping.h"
#include "train/optim/learning_rate.h"

namespace parlando::train {
namespace {

using test::Numbers;
using test::recorded;

// Closed forms against torch's recursions and Keras' float32 arithmetic in CosineDecayRestarts.
constexpr double kRelativeTolerance = 1e-6;

ScheduleConfig schedule_of(const Json& recorded_case) {
  ScheduleConfig config;
  config.kind = recorded_case.at("kind").get<std::string>();
  config.min_learning_rate = recorded_case.value("min", 0.0);
  config.warmup_epochs = recorded_case.value("warmup", 0.0);
  config.cosine.period_epochs = recorded_case.value("period", 0.0);
  config.cosine.period_factor = recorded_case.value("factor", 1.0);
  config.step.factor = recorded_case.value("factor", 0.1);
  config.step.every_epochs = recorded_case.value("every", 10);
  config.step.at_epochs = recorded_case.value("at", std::vector<int>{});
  config.one_cycle.anneal = recorded_case.value("anneal", "cosine");
  config.one_cycle.rise = recorded_case.value("rise", 0.3);
  return config;
}

TEST(LearningRate, FollowsTorchsAndKerasSchedules) {
  const Json all = recorded("schedules");
  const TrainingLength length{.epochs = all.at("epochs"),
                              .steps_per_epoch = all.at("steps_per_epoch")};
  ASSERT_EQ(all.at("cases").size(), 10u);
  for (const Json& entry : all.at("cases")) {
    const LearningRate rate(schedule_of(entry), all.at("rate"), length);
    const auto expected = entry.at("rates").get<Numbers>();
    ASSERT_EQ(expected.size(), static_cast<std::size_t>(length.steps()));
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_NEAR(rate.at(static_cast<std::int64_t>(i)), expected[i],
                  expected[i] * kRelativeTolerance)
          << entry.at("kind") << " step " << i;
    }
  }
}

TEST(LearningRate, PlateausFollowKeras) {
  for (const Json& entry : recorded("callbacks").at("plateau")) {
    const bool rising = entry.at("mode") == "max";
    ScheduleConfig config;
    config.min_learning_rate = entry.at("min_rate");
    config.plateau = {.monitor = rising ? "uar" : "loss",
                      .factor = entry.at("factor"),
                      .patience = entry.at("patience"),
                      .min_delta = entry.at("min_delta"),
                      .cooldown = entry.at("cooldown")};
    LearningRate rate(config, 1.0, {.epochs = 100, .steps_per_epoch = 2});
    const auto figures = entry.at("figures").get<Numbers>();
    const auto expected = entry.at("rates").get<Numbers>();
    for (std::size_t i = 0; i < figures.size(); ++i) {
      // The other figure moves the wrong way, to show that it is not looked at.
      const double other = static_cast<double>(i);
      rate.observe(rising ? ValidationFigures{.loss = -other, .uar = figures[i]}
                          : ValidationFigures{.loss = figures[i], .uar = other});
      EXPECT_NEAR(rate.at(static_cast<std::int64_t>(2 * i + 2)), expected[i],
                  expected[i] * kRelativeTolerance)
          << entry.dump() << " epoch " << i;
    }
  }
}

TEST(LearningRate, PlateauAndWarmUpMultiply) {
  ScheduleConfig config;
  config.warmup_epochs = 2;
  config.warmup_start = 0.5;
  config.plateau.patience = 1;
  LearningRate rate(config, 1.0, {.epochs = 9, .steps_per_epoch = 10});
  rate.observe({.loss = 1});
  rate.observe({.loss = 2});
  EXPECT_DOUBLE_EQ(rate.at(10), 0.5 * 0.75);
  EXPECT_DOUBLE_EQ(rate.at(20), 0.5);
}

TEST(ScheduleConfig, RefusesAWarmUpBeforeOneCycle) {
  ScheduleConfig config;
  config.kind = "one-cycle";
  config.warmup_epochs = 1;
  EXPECT_THROW(config.validate(), Error);
}

TEST(EarlyStopping, FollowsKeras) {
  const Json all = recorded("callbacks").at("early_stopping");
  ASSERT_EQ(all.size(), 6u);
  for (const Json& entry : all) {
    const bool rising = entry.at("mode") == "max";
    EarlyStopping stopping({.enabled = true,
                            .monitor = rising ? "macro_f1" : "loss",
                            .patience = entry.at("patience"),
                            .min_delta = entry.at("min_delta"),
                            .start_from_epoch = entry.at("start_from_epoch"),
                            .restore_best = true});
    int epoch = 0, kept = 0;
    for (const double value : entry.at("figures").get<Numbers>()) {
      ++epoch;
      if (stopping.observe(
              rising ? ValidationFigures{.macro_f1 = value} : ValidationFigures{.loss = value},
              epoch)) {
        kept = epoch;
      }
      if (stopping.should_stop()) break;
    }
    EXPECT_EQ(epoch, entry.at("stopped_after")) << entry.dump();
    EXPECT_EQ(kept, entry.at("restored")) << entry.dump();
    EXPECT_EQ(stopping.state().best_epoch, kept);
  }
}

TEST(EarlyStopping, TakesTheFirstNumberAfterFiguresThatAreNone) {
  EarlyStopping stopping({.enabled = true, .patience = 5});
  EXPECT_TRUE(stopping.observe({.loss = std::nan("")}, 1)) << "weights to go back to";
  EXPECT_FALSE(stopping.observe({.loss = std::nan("")}, 2));
  EXPECT_TRUE(stopping.observe({.loss = 3}, 3));
  EXPECT_EQ(stopping.state().best_epoch, 3);
  EXPECT_EQ(stopping.state().wait, 0);
}

TEST(EarlyStopping, WhenDisabledStillKnowsTheBestEpoch) {
  EarlyStopping stopping({.enabled = false, .monitor = "accuracy", .patience = 1});
  EXPECT_TRUE(stopping.observe({.accuracy = 0.5}, 1));
  EXPECT_FALSE(stopping.observe({.accuracy = 0.4}, 2));
  EXPECT_FALSE(stopping.should_stop());
  EXPECT_EQ(stopping.state().best_epoch, 1);
}

}  // namespace
}  // namespace parlando::train
