#include "common/data/augmentation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "tests/unit/preprocess/pipeline/sample_job.h"

namespace parlando::data {
namespace {

using testing::HasSubstr;

RowOperation mask(const std::string& op, std::int64_t start, std::int64_t length) {
  RowOperation operation;
  operation.op = op;
  operation.start = start;
  (op == "time_mask" ? operation.frames : operation.rows) = length;
  return operation;
}

RowOperation noise() {
  RowOperation operation;
  operation.op = "noise";
  operation.seed = 9007199254740991;
  operation.std = 0.01;
  return operation;
}

/// Texts are equal where the augmentations are.
void expect_same_again(const Augmentation& augmentation, const std::string& text) {
  EXPECT_EQ(augmentation_to_text(augmentation), text);
  EXPECT_EQ(augmentation_to_text(augmentation_from_text(text)), text);
}

TEST(Augmentation, OfOneOperationOnFeaturesIsThatOperation) {
  expect_same_again({{}, {mask("time_mask", 5, 12)}},
                    R"({"op":"time_mask","start":5,"frames":12})");
  expect_same_again({{}, {mask("freq_mask", 5, 12)}}, R"({"op":"freq_mask","start":5,"rows":12})");
  expect_same_again({{}, {noise()}}, R"({"op":"noise","std":0.01,"seed":9007199254740991})");
  const Augmentation read =
      augmentation_from_text(R"({"op":"noise","std":0.01,"seed":9007199254740991})");
  EXPECT_EQ(read.features.at(0).seed, 9007199254740991U);
  EXPECT_EQ(read.features.at(0).std, 0.01);
}

TEST(Augmentation, OfSeveralOperationsKeepsTheirOrder) {
  expect_same_again({{}, {mask("freq_mask", 5, 12), mask("time_mask", 0, 3)}},
                    R"({"features":[{"op":"freq_mask","start":5,"rows":12},)"
                    R"({"op":"time_mask","start":0,"frames":3}]})");
  const Json speed{{"op", "speed"}, {"factor", 1.0371829400001}};
  const Json telephone{{"op", "telephone"}};
  expect_same_again({{speed, telephone}, {}},
                    R"({"waveform":[{"op":"speed","factor":1.0371829400001},{"op":"telephone"}]})");
  expect_same_again({{speed}, {mask("time_mask", 0, 3)}},
                    R"({"waveform":[{"op":"speed","factor":1.0371829400001}],)"
                    R"("features":[{"op":"time_mask","start":0,"frames":3}]})");
}

TEST(Augmentation, OfNothingIsAnEmptyObject) {
  expect_same_again({}, "{}");
}

TEST(Augmentation, WhatItDoesNotKnowIsRefused) {
  const auto read = [](const char* text) {
    return test::error_of([&] { augmentation_from_text(text); });
  };
  EXPECT_THAT(read(R"({"op":"pitch"})"), HasSubstr("4 row operation 'pitch'"));
  EXPECT_THAT(read(R"({"op":"noise","std":1})"), HasSubstr("'seed'"));
  EXPECT_THAT(read(R"({"op":"time_mask","start":-1,"frames":2})"), HasSubstr("negative"));
  EXPECT_THAT(read(R"({"op":"freq_mask","start":1,"rows":-2})"), HasSubstr("negative"));
  EXPECT_THAT(read("noise"), testing::StartsWith("4 "));
  EXPECT_THAT(read("[]"), HasSubstr("not an object"));
  EXPECT_THAT(read(R"({"features":{}})"), HasSubstr("not a list"));
  EXPECT_THAT(read(R"({"features":[3]})"), HasSubstr("not an object"));
  EXPECT_THAT(read(R"({"labels":[]})"), HasSubstr("'labels'"));
}

}  // namespace
}  // namespace parlando::data
