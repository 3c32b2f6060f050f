#include "tests/unit/sweep/halving_replay.h"

#include <cmath>

#include <gtest/gtest.h>

#include "common/core/random.h"

namespace parlando::sweep {
namespace {

/// Curves that rise to their own height at their own pace, with noise: the later the epoch, the
/// better it tells the trials apart.
RecordedCurves made_up_curves(int trials, std::uint64_t seed) {
  RecordedCurves recorded{.curves = {}, .epochs = 27, .larger_is_better = true};
  for (int i = 0; i < trials; ++i) {
    RandomStream stream(seed, "curves", static_cast<std::uint64_t>(i));
    const double height = stream.uniform(0.3, 0.8), pace = stream.uniform(2, 8);
    Curve curve;
    double best = 0;
    for (int epoch = 1; epoch <= 27; ++epoch) {
      const double value = height * (1 - std::exp(-epoch / pace)) + 0.01 * stream.normal();
      curve.values.push_back(value);
      curve.kept.push_back(value > best);
      best = std::max(best, value);
    }
    curve.seconds = stream.uniform(20, 200);
    recorded.curves.push_back(std::move(curve));
  }
  return recorded;
}

TEST(HalvingReplay, WithoutHalvingTrainsEverythingAndFindsTheBest) {
  const RecordedCurves recorded = made_up_curves(40, 1);
  const HalvingPlan plan{.rungs = {27}, .eta = 1, .larger_is_better = true};
  for (const int workers : {1, 7}) {
    const Replay whole = replay(recorded, plan, workers);
    EXPECT_EQ(whole.epochs, recorded.all_epochs());
    EXPECT_EQ(whole.value, recorded.best());
  }
}

TEST(HalvingReplay, SpendsLittleAndComesClose) {
  constexpr int kDraws = 20;
  double regret = 0, share = 0;
  for (std::uint64_t seed = 0; seed < kDraws; ++seed) {
    const RecordedCurves recorded = made_up_curves(100, seed);
    const Replay halved = replay(recorded, halving_plan(2, 27, 3, true), 4);
    regret += (recorded.best() - halved.value) / kDraws;
    share +=
        static_cast<double>(halved.epochs) / static_cast<double>(recorded.all_epochs()) / kDraws;
  }
  EXPECT_LT(share, 0.25);
  EXPECT_LT(regret, 0.01);
}

TEST(HalvingReplay, EndsForAnyNumberOfWorkers) {
  const RecordedCurves recorded = made_up_curves(30, 3);
  for (const int workers : {1, 2, 5, 30, 100}) {
    const Replay halved = replay(recorded, halving_plan(1, 27, 3, true), workers);
    EXPECT_GE(halved.chosen, 0) << workers;
    EXPECT_LT(halved.epochs, recorded.all_epochs() / 2) << workers;
  }
}

}  // namespace
}  // namespace parlando::sweep
