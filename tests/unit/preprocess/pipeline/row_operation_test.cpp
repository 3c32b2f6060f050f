#include "common/data/row_operation.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace parlando::data {
namespace {

constexpr std::size_t kRows = 128;
constexpr std::size_t kFrames = 128;

RowOperation noise(std::uint64_t seed, double std) {
  RowOperation operation;
  operation.op = "noise";
  operation.seed = seed;
  operation.std = std;
  return operation;
}

RowOperation time_mask(std::int64_t start, std::int64_t frames) {
  RowOperation operation;
  operation.op = "time_mask";
  operation.start = start;
  operation.frames = frames;
  return operation;
}

RowOperation freq_mask(std::int64_t start, std::int64_t rows) {
  RowOperation operation;
  operation.op = "freq_mask";
  operation.start = start;
  operation.rows = rows;
  return operation;
}

TEST(RowOperation, NoiseHasTheDeviationThatItNames) {
  std::vector<float> features(kFrames * kRows, 1.0F);
  apply_row_operation(noise(3, 0.01), features, kRows);
  double sum = 0;
  double squares = 0;
  for (const float value : features) {
    sum += value - 1.0;
    squares += (value - 1.0) * (value - 1.0);
  }
  const auto n = static_cast<double>(features.size());
  // Standard errors over 16384 draws: 0.01 / 128 of the mean, 0.01 / 181 of the deviation; five of
  // each.
  EXPECT_NEAR(sum / n, 0, 5 * 0.01 / 128);
  EXPECT_NEAR(std::sqrt(squares / n), 0.01, 5 * 0.01 / 181);
}

TEST(RowOperation, NoiseIsAFunctionOfItsSeed) {
  std::vector<float> first(kRows);
  std::vector<float> second(kRows);
  std::vector<float> other(kRows);
  apply_row_operation(noise(3, 1), first, kRows);
  apply_row_operation(noise(3, 1), second, kRows);
  apply_row_operation(noise(4, 1), other, kRows);
  EXPECT_EQ(first, second);
  EXPECT_NE(first, other);
}

TEST(RowOperation, CroppingAtTheEndDoesNotChangeTheNoiseOfTheRest) {
  std::vector<float> whole(kFrames * kRows);
  std::vector<float> cropped(kFrames * kRows / 2);
  apply_row_operation(noise(3, 1), whole, kRows);
  apply_row_operation(noise(3, 1), cropped, kRows);
  whole.resize(cropped.size());
  EXPECT_EQ(whole, cropped);
}

TEST(RowOperation, TimeMaskClearsItsFramesAlone) {
  std::vector<float> features(kFrames * kRows, 1.0F);
  apply_row_operation(time_mask(10, 12), features, kRows);
  for (std::size_t i = 0; i < features.size(); ++i) {
    const std::size_t frame = i / kRows;
    ASSERT_EQ(features[i], frame >= 10 && frame < 22 ? 0.0F : 1.0F) << "frame " << frame;
  }
}

TEST(RowOperation, FramesBeyondTheEndAreIgnored) {
  std::vector<float> features(4 * kRows, 1.0F);
  apply_row_operation(time_mask(3, 12), features, kRows);
  EXPECT_EQ(features[3 * kRows - 1], 1.0F);
  EXPECT_EQ(features[3 * kRows], 0.0F);
  apply_row_operation(time_mask(200, 12), features, kRows);
  EXPECT_EQ(features[0], 1.0F);
}

TEST(RowOperation, FreqMaskClearsItsRowsAlone) {
  std::vector<float> features(kFrames * kRows, 1.0F);
  apply_row_operation(freq_mask(10, 12), features, kRows);
  for (std::size_t i = 0; i < features.size(); ++i) {
    const std::size_t row = i % kRows;
    ASSERT_EQ(features[i], row >= 10 && row < 22 ? 0.0F : 1.0F) << "row " << row;
  }
}

TEST(RowOperation, RowsBeyondTheEndAreIgnored) {
  std::vector<float> features(2 * kRows, 1.0F);
  apply_row_operation(freq_mask(126, 12), features, kRows);
  EXPECT_EQ(features[125], 1.0F);
  EXPECT_EQ(features[127], 0.0F);
  EXPECT_EQ(features[128], 1.0F) << "the next frame";
  apply_row_operation(freq_mask(200, 12), features, kRows);
  EXPECT_EQ(features[0], 1.0F);
}

}  // namespace
}  // namespace parlando::data
