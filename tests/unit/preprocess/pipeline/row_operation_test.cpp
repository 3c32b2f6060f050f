#include "common/data/row_operation.h"

#include <cmath>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "tests/unit/preprocess/pipeline/sample_job.h"

namespace parlando::data {
namespace {

using testing::HasSubstr;

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

TEST(RowOperation, TextGivesTheSameOperationBack) {
  const RowOperation a =
      row_operation_from_text(row_operation_to_text(noise(9007199254740991, 0.01)));
  EXPECT_EQ(a.op, "noise");
  EXPECT_EQ(a.seed, 9007199254740991U);
  EXPECT_EQ(a.std, 0.01);
  EXPECT_EQ(row_operation_to_text(time_mask(5, 12)), R"({"op":"time_mask","start":5,"frames":12})");
  const RowOperation b = row_operation_from_text(R"({"op":"time_mask","start":5,"frames":12})");
  EXPECT_EQ(b.start, 5);
  EXPECT_EQ(b.frames, 12);
}

TEST(RowOperation, WhatItDoesNotKnowIsRefused) {
  const auto read = [](const char* text) {
    return test::error_of([&] { row_operation_from_text(text); });
  };
  EXPECT_THAT(read(R"({"op":"pitch"})"), HasSubstr("4 row operation 'pitch'"));
  EXPECT_THAT(read(R"({"op":"noise","std":1})"), HasSubstr("'seed'"));
  EXPECT_THAT(read(R"({"op":"time_mask","start":-1,"frames":2})"), HasSubstr("negative"));
  EXPECT_THAT(read("noise"), testing::StartsWith("4 "));
}

}  // namespace
}  // namespace parlando::data
