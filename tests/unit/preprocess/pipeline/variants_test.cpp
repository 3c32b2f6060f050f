#include "preprocess/pipeline/variants.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/config/config.h"
#include "common/core/error.h"
#include "tests/unit/preprocess/pipeline/sample_job.h"

namespace parlando::preprocess {
namespace {

constexpr std::int64_t kFrames = 130;
constexpr int kDraws = 2000;

std::string clip_name(int i) {
  return "clip-" + std::to_string(i);
}

TEST(Variants, AreAFunctionOfSeedClipAndCopy) {
  const VariantsConfig config = test::sample_config().variants;
  const auto text = [&](const VariantsConfig& with, const std::string& clip, int copy) {
    return data::row_operation_to_text(choose_operation(with, clip, copy, kFrames));
  };
  std::set<std::string> distinct;
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(text(config, clip_name(i), 1), text(config, clip_name(i), 1));
    distinct.insert(text(config, clip_name(i), 1));
    distinct.insert(text(config, clip_name(i), 2));
    VariantsConfig other = config;
    other.seed = 43;
    distinct.insert(text(other, clip_name(i), 1));
  }
  // 300 draws; about half are masks at one of 117 places, so many of these coincide.
  EXPECT_GT(distinct.size(), 200U);
}

TEST(Variants, OfMel128AreHalfNoiseHalfMasksOf12FramesWithinTheFirst128) {
  const VariantsConfig config = test::sample_config().variants;
  EXPECT_EQ(config.copies, 1);
  int masks = 0;
  std::int64_t last_start = 0;
  for (int i = 0; i < kDraws; ++i) {
    const data::RowOperation operation = choose_operation(config, clip_name(i), 1, kFrames);
    if (operation.op == "noise") {
      EXPECT_EQ(operation.std, 0.01);
      continue;
    }
    ++masks;
    EXPECT_EQ(operation.op, "time_mask");
    EXPECT_EQ(operation.frames, 12);
    EXPECT_GE(operation.start, 0);
    EXPECT_LE(operation.start + operation.frames, 128);
    last_start = std::max(last_start, operation.start);
  }
  EXPECT_NEAR(masks, kDraws / 2, 5 * 22);  // five standard deviations of a fair coin
  EXPECT_EQ(last_start, 116);              // the last place is drawn, too
}

TEST(Variants, OfAShortClipStayInsideIt) {
  const VariantsConfig config = test::sample_config().variants;
  for (int i = 0; i < kDraws; ++i) {
    const data::RowOperation operation = choose_operation(config, clip_name(i), 1, 7);
    EXPECT_LE(operation.start + operation.frames, 7);
  }
}

TEST(Variants, ProbabilitiesThatDoNotAddUpAreRefused) {
  const auto load = [](const char* text) {
    return test::error_of([&] { parse_config<PreprocessConfig>(text, "recipe.yaml"); });
  };
  EXPECT_THAT(
      load("variants: {copies: 1, operations: [{op: noise, probability: 0.5}]}"),
      testing::AllOf(testing::StartsWith("2 recipe.yaml"), testing::HasSubstr("0.5 instead of 1")));
  EXPECT_THAT(load("variants: {copies: 1}"), testing::HasSubstr("0 instead of 1"));
  EXPECT_EQ(load("variants: {copies: 0}"), "");
  EXPECT_THAT(load("variants: {copies: 1, operations: [{op: pitch, probability: 1}]}"),
              testing::HasSubstr("pitch"));
}

}  // namespace
}  // namespace parlando::preprocess
