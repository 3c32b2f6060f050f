#include "experiments/sweep/report/leaderboard.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/report/sweep/sweep_record.h"
#include "experiments/sweep/report/collect.h"
#include "tests/unit/sweep/made_up_sweep.h"

namespace parlando::sweep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<int> order(const std::vector<LeaderboardRow>& rows) {
  std::vector<int> configurations;
  for (const LeaderboardRow& row : rows) configurations.push_back(row.configuration);
  return configurations;
}

TEST(Leaderboard, RanksConfigurationsByTheirMean) {
  MadeUpSweep made({"1", "2"}, {7, 8});
  made.finish(0, .55);
  made.finish(1, .56);
  made.finish(2, .70);
  made.finish(3, .50);
  const Collection collection = collect(made.sweep());
  EXPECT_THAT(order(collection.rows), ElementsAre(1, 0));
  EXPECT_NEAR(collection.rows[0].mean, .60, 1e-12);
  // Student, 2 values: 12.706 * sd / sqrt(2).
  EXPECT_NEAR(collection.rows[1].ci95->high - collection.rows[1].ci95->low, 2 * 12.7062 * 0.01 / 2,
              1e-4);
  EXPECT_EQ(collection.rows[0].ci95->high, 1) << "a share ends at 1";
  EXPECT_TRUE(collection.complete());
  EXPECT_THAT(made.read("best.yaml"), HasSubstr("batch_size: 2"));
}

TEST(Leaderboard, PutsIncompleteConfigurationsLast) {
  MadeUpSweep made({"1", "2"}, {7, 8});
  made.finish(0, .90);
  made.fail(1, "out of memory");
  made.finish(2, .10);
  made.finish(3, .20);
  const Collection collection = collect(made.sweep());
  EXPECT_THAT(order(collection.rows), ElementsAre(1, 0));
  EXPECT_THAT(collection.failed, ElementsAre(1));
  const std::string text = collection_text(made.sweep(), collection);
  EXPECT_THAT(text, HasSubstr("(1 of 2 trials)"));
  EXPECT_THAT(text, HasSubstr("failed: 1 of 4 trials: 1: out of memory"));
}

TEST(Leaderboard, NamesWhatIsMissing) {
  MadeUpSweep made({"1", "2", "3"}, {});
  made.finish(1, .5);
  const Collection collection = collect(made.sweep());
  EXPECT_THAT(collection.missing, ElementsAre(0, 2));
  EXPECT_FALSE(collection.complete());
  EXPECT_THAT(made.read("results.csv"), HasSubstr("\n0,0,missing,,,,"));
  EXPECT_THAT(made.read("results.csv"), HasSubstr("\n1,1,finished,,,0.5,"));
}

TEST(Collect, WritesWhatTheReportReads) {
  MadeUpSweep made({"1", "2", "3"}, {}, "early_terminate: {min_iter: 1}");
  made.enter(0, 0, .9);
  made.enter(0, 1, .8);
  made.enter(1, 0, .85);
  made.fail(2, "no memory");
  collect(made.sweep());
  const report::SweepRecord record = report::read_sweep(made.sweep().folder);
  EXPECT_THAT(record.rungs, ElementsAre(1, 3, 9));
  EXPECT_THAT(record.trials[0].rung_values, ElementsAre(.9, .85));
  EXPECT_EQ(record.trials[0].rung_times.size(), 2u);
  EXPECT_EQ(record.trials[2].error, "no memory");
  EXPECT_EQ(record.best()->configuration, 0);
  EXPECT_EQ(record.best_data, made.sweep().config.data);
  ASSERT_EQ(record.parameters.size(), 1u);
  EXPECT_THAT(record.parameters[0].columns, ElementsAre("1", "2", "3"));
  made.enter(1, 1, .7);
  EXPECT_THROW(report::read_sweep(made.sweep().folder), Error) << "older than the entry";
}

TEST(BestTrial, IsAmongThoseThatCameFurthest) {
  MadeUpSweep made({"1", "2", "3"}, {}, "early_terminate: {min_iter: 1}");
  made.enter(0, 0, .9);
  made.enter(0, 1, .8);
  made.enter(1, 1, .85);
  made.enter(0, 2, .7);
  const SweepState state(made.sweep());
  const auto results = trial_results(made.sweep(), state);
  EXPECT_EQ(best_trial(made.sweep(), results)->trial, 1);
  EXPECT_THAT(order(leaderboard(made.sweep(), results)), ElementsAre(1, 0, 2));
}

TEST(SweepState, SeesARetryAndKeepsSuccess) {
  MadeUpSweep made({"1"}, {});
  made.fail(0, "first", 1);
  SweepState state(made.sweep());
  EXPECT_TRUE(open_jobs(made.sweep().plan, state.halving(1)).empty()) << "failed in this round";
  EXPECT_EQ(open_jobs(made.sweep().plan, state.halving(2)).size(), 1u) << "may be tried again";
  made.finish(0, .5);
  state.refresh();
  EXPECT_TRUE(state.finished(0));
  EXPECT_TRUE(open_jobs(made.sweep().plan, state.halving(2)).empty());
}

TEST(SweepState, ForgetsAFailureOnceALaterRoundCameToARung) {
  MadeUpSweep made({"1", "2", "3"}, {}, "early_terminate: {min_iter: 1}");
  made.fail(0, "node lost", 1);
  made.enter(0, 0, .9, 2);
  const Collection collection = collect(made.sweep());
  EXPECT_TRUE(collection.failed.empty());
  EXPECT_EQ(collection.trials[0].status, TrialStatus::stopped);
  made.fail(0, "again", 2);
  EXPECT_THAT(collect(made.sweep()).failed, ElementsAre(0));
}

}  // namespace
}  // namespace parlando::sweep
