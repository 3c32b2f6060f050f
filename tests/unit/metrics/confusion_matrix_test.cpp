#include "common/metrics/confusion_matrix.h"

#include <gtest/gtest.h>

#include "common/core/error.h"

namespace parlando::metrics {
namespace {

/// Two of three "a" found, one "a" taken for "b", the only "b" found; class 2 never occurs.
ConfusionMatrix small() {
  ConfusionMatrix matrix(3);
  matrix.add(0, 0, 2);
  matrix.add(0, 1);
  matrix.add(1, 1);
  return matrix;
}

TEST(ConfusionMatrix, CountsRowsAsTruthAndColumnsAsPrediction) {
  const ConfusionMatrix matrix = small();
  EXPECT_EQ(matrix.count(0, 1), 1);
  EXPECT_EQ(matrix.count(1, 0), 0);
  EXPECT_EQ(matrix.support(0), 3);
  EXPECT_EQ(matrix.predictions(1), 2);
  EXPECT_EQ(matrix.total(), 4);
}

TEST(ConfusionMatrix, LeavesClassesThatNeverOccurOutOfMeans) {
  const ConfusionMatrix matrix = small();
  EXPECT_DOUBLE_EQ(matrix.accuracy(), 0.75);
  EXPECT_DOUBLE_EQ(matrix.uar(), (2.0 / 3 + 1) / 2);
  // F1 of "a" is 2*2/(3+2), of "b" 2*1/(1+2).
  EXPECT_DOUBLE_EQ(matrix.macro_f1(), (0.8 + 2.0 / 3) / 2);
  EXPECT_DOUBLE_EQ(matrix.weighted_f1(), (3 * 0.8 + 2.0 / 3) / 4);
}

TEST(ConfusionMatrix, IsZeroWithoutSamples) {
  const ConfusionMatrix matrix(2);
  EXPECT_EQ(matrix.accuracy(), 0);
  EXPECT_EQ(matrix.uar(), 0);
  EXPECT_EQ(matrix.macro_f1(), 0);
  EXPECT_EQ(matrix.weighted_f1(), 0);
}

TEST(ConfusionMatrix, AddsAnotherOfTheSameSize) {
  ConfusionMatrix sum = small();
  sum += small();
  EXPECT_EQ(sum.count(0, 0), 4);
  EXPECT_EQ(sum.total(), 8);
  EXPECT_THROW(sum += ConfusionMatrix(2), Error);
}

TEST(ConfusionMatrix, RefusesAnIndexThatIsNoClass) {
  ConfusionMatrix matrix(2);
  EXPECT_THROW(matrix.add(0, 2), Error);
  EXPECT_EQ(matrix.total(), 0);
}

}  // namespace
}  // namespace parlando::metrics
