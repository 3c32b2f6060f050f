#include "common/metrics/bootstrap.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "common/core/error.h"

namespace parlando::metrics {
namespace {

ConfusionMatrix one_clip(bool right) {
  ConfusionMatrix matrix(2);
  matrix.add(0, right ? 0 : 1);
  return matrix;
}

std::vector<ConfusionMatrix> independent_clips(int n, int right) {
  std::vector<ConfusionMatrix> clips;
  for (int i = 0; i < n; ++i) clips.push_back(one_clip(i < right));
  return clips;
}

TEST(Bootstrap, IsNearTheNormalIntervalForIndependentClips) {
  const Figure accuracy = bootstrap_figures(independent_clips(400, 320), 2000, 1).accuracy;
  const double half = 1.96 * std::sqrt(0.8 * 0.2 / 400);
  // 2000 resamples place a 2.5 % quantile to about a tenth of the half width.
  const double tolerance = 0.15 * half;
  EXPECT_DOUBLE_EQ(accuracy.value, 0.8);
  EXPECT_NEAR(accuracy.low, 0.8 - half, tolerance);
  EXPECT_NEAR(accuracy.high, 0.8 + half, tolerance);
}

TEST(Bootstrap, IsWiderWhereClipsOfASpeakerAreAlike) {
  // The same 400 clips from 20 speakers who are each always right or always wrong.
  std::vector<ConfusionMatrix> speakers;
  for (int i = 0; i < 20; ++i) {
    ConfusionMatrix matrix(2);
    matrix.add(0, i < 16 ? 0 : 1, 20);
    speakers.push_back(matrix);
  }
  const Figure by_clip = bootstrap_figures(independent_clips(400, 320), 2000, 1).accuracy;
  const Figure by_speaker = bootstrap_figures(speakers, 2000, 1).accuracy;
  EXPECT_DOUBLE_EQ(by_speaker.value, by_clip.value);
  // Twenty equal clips a speaker: the variance is twenty times as large.
  EXPECT_GT(by_speaker.high - by_speaker.low, 3 * (by_clip.high - by_clip.low));
}

TEST(Bootstrap, DependsOnItsArgumentsAlone) {
  const auto clips = independent_clips(50, 37);
  const Figure first = bootstrap_figures(clips, 500, 7).accuracy;
  const Figure again = bootstrap_figures(clips, 500, 7).accuracy;
  EXPECT_EQ(first.low, again.low);
  EXPECT_EQ(first.high, again.high);
  double spread = 0;
  for (std::uint64_t seed = 8; seed < 12; ++seed) {
    const Figure other = bootstrap_figures(clips, 500, seed).accuracy;
    spread += std::abs(other.low - first.low) + std::abs(other.high - first.high);
  }
  EXPECT_GT(spread, 0) << "the seed has no effect";
}

TEST(Bootstrap, IsAPointWithOneCluster) {
  const std::vector<ConfusionMatrix> one{one_clip(true)};
  const Figure accuracy = bootstrap_figures(one, 100, 1).accuracy;
  EXPECT_EQ(accuracy.low, 1);
  EXPECT_EQ(accuracy.high, 1);
  EXPECT_THROW(bootstrap_figures({}, 100, 1), Error);
}

}  // namespace
}  // namespace parlando::metrics
