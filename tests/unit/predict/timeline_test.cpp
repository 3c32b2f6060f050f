#include "predict/windows/timeline.h"

#include <gtest/gtest.h>

namespace parlando::predict {
namespace {

void expect_segment(const Segment& segment, double begin, double end, std::size_t best,
                    double confidence) {
  EXPECT_DOUBLE_EQ(segment.begin, begin);
  EXPECT_DOUBLE_EQ(segment.end, end);
  EXPECT_EQ(segment.best, best);
  EXPECT_NEAR(segment.confidence, confidence, 1e-12);
}

TEST(Timeline, TakesTheMeanOfTheWindowsThatCoverAnInstant) {
  const std::vector<WindowScores> windows{{0, 2, {0.8, 0.2}}, {1, 3, {0.1, 0.9}}};
  const std::vector<Segment> segments = merge_windows(windows);
  ASSERT_EQ(segments.size(), 2u);
  expect_segment(segments[0], 0, 1, 0, 0.8);
  // From 1 to 2 the mean is {.45, .55}, from 2 to 3 the second window stands alone.
  expect_segment(segments[1], 1, 3, 1, (0.55 + 0.9) / 2);
}

TEST(Timeline, MergesNeighboursOfOneClass) {
  const std::vector<WindowScores> windows{
      {0, 2, {0.9, 0.1}}, {2, 4, {0.7, 0.3}}, {4, 5, {0.2, 0.8}}};
  const std::vector<Segment> segments = merge_windows(windows);
  ASSERT_EQ(segments.size(), 2u);
  expect_segment(segments[0], 0, 4, 0, 0.8);
  expect_segment(segments[1], 4, 5, 1, 0.8);
}

TEST(Timeline, LeavesOutWhatNoWindowSaysAnythingOf) {
  const std::vector<WindowScores> windows{
      {0, 1, {0.9, 0.1}}, {1, 2, {}}, {2, 3, {0.9, 0.1}}, {5, 6, {0.9, 0.1}}};
  const std::vector<Segment> segments = merge_windows(windows);
  ASSERT_EQ(segments.size(), 3u);
  expect_segment(segments[0], 0, 1, 0, 0.9);
  expect_segment(segments[1], 2, 3, 0, 0.9);
  expect_segment(segments[2], 5, 6, 0, 0.9);
}

TEST(Timeline, OfNothingIsEmpty) {
  EXPECT_TRUE(merge_windows({}).empty());
  const std::vector<WindowScores> silent{{0, 1, {}}};
  EXPECT_TRUE(merge_windows(silent).empty());
}

}  // namespace
}  // namespace parlando::predict
