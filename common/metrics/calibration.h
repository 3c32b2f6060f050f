#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/metrics/prediction.h"

namespace parlando::metrics {

/// Samples whose confidence lies in one interval.
struct CalibrationBin {
  std::int64_t n = 0;
  double confidence = 0;  ///< mean probability of the predicted class; 0 without samples
  double accuracy = 0;    ///< share of them that is right; 0 without samples
};

/// Whether a model's probabilities are what they say.
struct Calibration {
  std::vector<CalibrationBin> bins;  ///< of equal width over 0 .. 1
  /// Expected calibration error: mean over the samples of |confidence - accuracy| of their bin
  /// (Naeini et al., 2015; Guo et al., 2017).
  double ece = 0;
  double brier = 0;  ///< mean over the samples of sum_k (p_k - t_k)^2: 0 is best, 2 worst
  double nll = 0;    ///< mean of -log p of the true class, in nats
};

inline constexpr std::size_t kCalibrationBins = 15;

/// Throws Error(data) if there are no predictions.
Calibration calibration_of(std::span<const Prediction> predictions,
                           std::size_t bins = kCalibrationBins);

}  // namespace parlando::metrics
