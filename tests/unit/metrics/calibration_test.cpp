#include "common/metrics/calibration.h"

#include <cmath>

#include <gtest/gtest.h>

#include "common/core/error.h"

namespace parlando::metrics {
namespace {

Prediction prediction_of(int truth, int predicted, std::vector<double> probabilities) {
  Prediction prediction;
  prediction.truth = truth;
  prediction.predicted = predicted;
  prediction.probabilities = std::move(probabilities);
  return prediction;
}

TEST(Calibration, EqualsFiguresWorkedOutByHand) {
  const std::vector<Prediction> predictions{
      prediction_of(0, 0, {0.9, 0.1}), prediction_of(1, 0, {0.9, 0.1}),
      prediction_of(1, 1, {0.4, 0.6}), prediction_of(0, 0, {1.0, 0.0})};
  const Calibration found = calibration_of(predictions, 10);
  ASSERT_EQ(found.bins.size(), 10u);
  // A confidence of 1 belongs to the last bin.
  EXPECT_EQ(found.bins[9].n, 3);
  EXPECT_NEAR(found.bins[9].confidence, 2.8 / 3, 1e-12);
  EXPECT_NEAR(found.bins[9].accuracy, 2.0 / 3, 1e-12);
  EXPECT_EQ(found.bins[6].n, 1);
  EXPECT_EQ(found.bins[0].n, 0);
  EXPECT_NEAR(found.ece, (0.8 + 0.4) / 4, 1e-12);
  EXPECT_NEAR(found.brier, (2 * 0.01 + 2 * 0.81 + 2 * 0.16 + 0) / 4, 1e-12);
  EXPECT_NEAR(found.nll, -(std::log(0.9) + std::log(0.1) + std::log(0.6)) / 4, 1e-12);
}

TEST(Calibration, StaysFiniteWhereTheTruthHadNoProbability) {
  EXPECT_TRUE(std::isfinite(calibration_of(std::vector{prediction_of(1, 0, {1.0, 0.0})}).nll));
  EXPECT_THROW(calibration_of({}), Error);
}

}  // namespace
}  // namespace parlando::metrics
