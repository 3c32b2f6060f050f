#include "train/data/augment.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace parlando::train {
namespace {

constexpr std::size_t kFrames = 20, kRows = 10;

std::vector<float> numbered() {
  std::vector<float> values(kFrames * kRows);
  std::iota(values.begin(), values.end(), 1.0F);
  return values;
}

std::vector<float> augmented(const AugmentConfig& config, SamplePlace place) {
  std::vector<float> values = numbered();
  augment_sample(config, place, values, kRows);
  return values;
}

TEST(AugmentSample, DoesNothingAsItStands) {
  EXPECT_EQ(augmented({}, {.seed = 1, .epoch = 2, .position = 3}), numbered());
}

AugmentConfig everything() {
  AugmentConfig config;
  config.time_shift = {.probability = 1, .fraction = 0.5};
  config.noise = {.probability = 1, .std = 0.5};
  config.time_mask = {.probability = 1, .masks = 2, .fraction = 0.3};
  config.frequency_mask = {.probability = 1, .masks = 2, .fraction = 0.3};
  return config;
}

TEST(AugmentSample, IsAFunctionOfSeedEpochAndPosition) {
  const SamplePlace place{.seed = 1, .epoch = 2, .position = 3};
  const std::vector<float> once = augmented(everything(), place);
  EXPECT_EQ(augmented(everything(), place), once);
  EXPECT_NE(augmented(everything(), {.seed = 2, .epoch = 2, .position = 3}), once);
  EXPECT_NE(augmented(everything(), {.seed = 1, .epoch = 3, .position = 3}), once);
  EXPECT_NE(augmented(everything(), {.seed = 1, .epoch = 2, .position = 4}), once);
}

TEST(AugmentSample, ChangesTheShareOfSamplesThatTheProbabilitySays) {
  AugmentConfig config;
  config.noise.probability = 0.3;
  int changed = 0;
  for (int i = 0; i < 2000; ++i) {
    changed += augmented(config, {.seed = 5, .epoch = 0, .position = i}) != numbered() ? 1 : 0;
  }
  EXPECT_NEAR(changed / 2000.0, 0.3, 0.04);
}

TEST(AugmentSample, AddsNoiseOfTheGivenDeviation) {
  AugmentConfig config;
  config.noise = {.probability = 1, .std = 0.5};
  const std::vector<float> plain = numbered();
  double sum = 0, squares = 0;
  const int samples = 100;
  for (int i = 0; i < samples; ++i) {
    const std::vector<float> values = augmented(config, {.seed = 5, .epoch = 1, .position = i});
    for (std::size_t k = 0; k < values.size(); ++k) {
      const double noise = double{values[k]} - double{plain[k]};
      sum += noise;
      squares += noise * noise;
    }
  }
  const double n = samples * kFrames * kRows;
  EXPECT_NEAR(sum / n, 0, 0.02);
  EXPECT_NEAR(std::sqrt(squares / n), 0.5, 0.02);
}

TEST(AugmentSample, MasksWholeFramesOrRowsUpToTheWidestWidth) {
  AugmentConfig times, rows;
  times.time_mask = {.probability = 1, .masks = 1, .fraction = 0.25};
  rows.frequency_mask = {.probability = 1, .masks = 1, .fraction = 0.25};
  std::set<std::size_t> masked_frames, masked_rows;
  for (int i = 0; i < 300; ++i) {
    const SamplePlace place{.seed = 5, .epoch = 1, .position = i};
    const std::vector<float> by_time = augmented(times, place), by_row = augmented(rows, place);
    const auto zeros = [](const std::vector<float>& values) {
      return static_cast<std::size_t>(std::ranges::count(values, 0.0F));
    };
    ASSERT_EQ(zeros(by_time) % kRows, 0u);
    ASSERT_EQ(zeros(by_row) % kFrames, 0u);
    masked_frames.insert(zeros(by_time) / kRows);
    masked_rows.insert(zeros(by_row) / kFrames);
  }
  EXPECT_EQ(masked_frames, (std::set<std::size_t>{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(masked_rows, (std::set<std::size_t>{0, 1, 2}));
}

TEST(AugmentSample, ShiftsWholeFramesEitherWayAndFillsWithZeros) {
  AugmentConfig config;
  config.time_shift = {.probability = 1, .fraction = 0.1};
  const std::vector<float> plain = numbered();
  std::set<std::ptrdiff_t> shifts;
  for (int i = 0; i < 200; ++i) {
    const std::vector<float> values = augmented(config, {.seed = 5, .epoch = 1, .position = i});
    const auto first = std::ranges::find_if(values, [](float x) { return x != 0; });
    const auto at = std::ranges::find(plain, *first) - plain.begin();
    const std::ptrdiff_t shift = (first - values.begin()) - at;
    ASSERT_EQ(shift % static_cast<std::ptrdiff_t>(kRows), 0);
    shifts.insert(shift / static_cast<std::ptrdiff_t>(kRows));
    for (std::size_t k = 0; k < values.size(); ++k) {
      const std::ptrdiff_t source = static_cast<std::ptrdiff_t>(k) - shift;
      const bool inside = source >= 0 && source < std::ssize(plain);
      ASSERT_EQ(values[k], inside ? plain[static_cast<std::size_t>(source)] : 0.0F);
    }
  }
  EXPECT_EQ(shifts, (std::set<std::ptrdiff_t>{-2, -1, 0, 1, 2}));
}

TEST(PlanMixup, IsAPermutationAndAShareFromBeta) {
  const SamplePlace place{.seed = 3, .epoch = 1, .position = 64};
  const MixupConfig config{.probability = 1, .alpha = 0.4};
  const MixPlan plan = plan_mixup(config, place, 32);
  EXPECT_EQ(std::set<std::size_t>(plan.partners.begin(), plan.partners.end()).size(), 32u);
  EXPECT_EQ(*std::ranges::max_element(plan.partners), 31u);
  EXPECT_EQ(plan_mixup(config, place, 32).partners, plan.partners);
  EXPECT_TRUE(plan_mixup({}, place, 32).partners.empty());
}

TEST(PlanMixup, DrawsSharesWithTheMomentsOfBeta) {
  // Of x ~ Beta(a, a): E[(x - 1/2)^2] = 1 / (4 (2a + 1)), which folding at 1/2 leaves as it is.
  for (const double alpha : {0.2, 1.0, 4.0}) {
    const int n = 20'000;
    double squares = 0;
    for (int i = 0; i < n; ++i) {
      const double share =
          plan_mixup({.probability = 1, .alpha = alpha}, {.seed = 9, .epoch = 0, .position = i}, 1)
              .share;
      ASSERT_GE(share, 0.5);
      ASSERT_LE(share, 1.0);
      squares += (share - 0.5) * (share - 0.5);
    }
    const double expected = 1 / (4 * (2 * alpha + 1));
    EXPECT_NEAR(squares / n, expected, 0.03 * expected) << alpha;
  }
}

}  // namespace
}  // namespace parlando::train
