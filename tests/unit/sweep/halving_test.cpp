#include "experiments/sweep/work/halving.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parlando::sweep {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

HalvingState state(int trials, std::vector<std::vector<RungEntry>> entries) {
  return {.trials = trials, .entries = std::move(entries), .failed = {}};
}

TEST(HalvingPlan, RisesByEtaUpToAllEpochs) {
  EXPECT_THAT(halving_plan(1, 27, 3, true).rungs, ElementsAre(1, 3, 9, 27));
  EXPECT_THAT(halving_plan(2, 27, 3, true).rungs, ElementsAre(2, 6, 18, 27));
  EXPECT_THAT(halving_plan(30, 27, 3, true).rungs, ElementsAre(27));
  EXPECT_THAT(halving_plan(4, 40, 2.5, true).rungs, ElementsAre(4, 10, 25, 40));
  EXPECT_THAT(halving_plan(1, 6, 1.5, true).rungs, ElementsAre(1, 2, 3, 5, 6))
      << "1.5 and 2.25 are the same epoch";
}

TEST(OpenJobs, BeginAllTrialsInTheirOrder) {
  const HalvingPlan plan = halving_plan(1, 9, 3, true);
  EXPECT_THAT(open_jobs(plan, state(3, {{}, {}, {}})),
              ElementsAre(Job{0, 0}, Job{1, 0}, Job{2, 0}));
}

TEST(OpenJobs, PromoteTheBestThirdBeforeNewTrials) {
  const HalvingPlan plan = halving_plan(1, 9, 3, true);
  EXPECT_THAT(open_jobs(plan, state(5, {{{0, .2}, {1, .9}}, {}, {}})),
              ElementsAre(Job{2, 0}, Job{3, 0}, Job{4, 0}))
      << "of two trials none is the best third";
  EXPECT_THAT(open_jobs(plan, state(5, {{{0, .2}, {1, .9}, {2, .5}}, {}, {}})),
              ElementsAre(Job{1, 1}, Job{3, 0}, Job{4, 0}));
  EXPECT_THAT(open_jobs(plan, state(3, {{{0, .2}, {1, .9}, {2, .5}}, {{1, .95}}, {}})), IsEmpty());
}

TEST(OpenJobs, PromoteFromTheTopRungDown) {
  const HalvingPlan plan = halving_plan(1, 9, 3, true);
  const std::vector<RungEntry> nine{{0, .9}, {1, .8}, {2, .7}, {3, .1}, {4, .1},
                                    {5, .1}, {6, .1}, {7, .1}, {8, .1}};
  EXPECT_THAT(open_jobs(plan, state(9, {nine, {{0, .91}, {1, .95}}, {}})), ElementsAre(Job{2, 1}));
  EXPECT_THAT(open_jobs(plan, state(9, {nine, {{0, .91}, {1, .95}, {2, .7}}, {}})),
              ElementsAre(Job{1, 2}));
}

TEST(OpenJobs, ForALossTakeTheSmallest) {
  const HalvingPlan plan = halving_plan(1, 3, 3, false);
  EXPECT_THAT(open_jobs(plan, state(3, {{{0, 2.0}, {1, 1.5}, {2, 1.9}}, {}})),
              ElementsAre(Job{1, 1}));
}

TEST(OpenJobs, NeverPromoteWhatHasNoValueOrFailed) {
  const HalvingPlan plan = halving_plan(1, 3, 3, true);
  EXPECT_THAT(open_jobs(plan, state(3, {{{0, kNone}, {1, kNone}, {2, kNone}}, {}})), IsEmpty());
  HalvingState failed = state(4, {{{0, .9}, {1, .2}, {2, .1}}, {}});
  failed.failed = {0, 3};
  EXPECT_THAT(open_jobs(plan, failed), IsEmpty());
}

TEST(OpenJobs, BreakTiesByTheTrialsNumber) {
  const HalvingPlan plan = halving_plan(1, 3, 3, true);
  EXPECT_THAT(open_jobs(plan, state(3, {{{2, .5}, {1, .5}, {0, .5}}, {}})), ElementsAre(Job{0, 1}));
}

TEST(OpenJobs, WithoutHalvingAreTheTrialsNotDone) {
  const HalvingPlan plan{.rungs = {10}, .eta = 1, .larger_is_better = true};
  EXPECT_THAT(open_jobs(plan, state(3, {{{1, .5}}})), ElementsAre(Job{0, 0}, Job{2, 0}));
}

}  // namespace
}  // namespace parlando::sweep
