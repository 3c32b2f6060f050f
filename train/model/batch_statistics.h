#pragma once

#include <vector>

#include "common/dist/communicator.h"

namespace parlando::train {

/// The ranks whose batches are one, and whether this one has a share of it (ForwardContext).
struct StatisticsGroup {
  dist::Communicator* ranks = nullptr;
  bool has_samples = true;

  /// Sums `values` (on the host) over the ranks; one without samples adds nothing.
  void sum(std::vector<double>& values) const;
};

/// Moments of each channel over the batch of a group.
struct BatchStatistics {
  std::vector<double> mean, variance;  ///< biased
  double count = 0;

  /// From this rank's sums of x and then x^2, 2 * channels of them, over `count` elements.
  BatchStatistics(std::vector<double> sums, double count, const StatisticsGroup& group);

  std::vector<double> inverse_deviation(double epsilon) const;
};

/// Gradients of y = (x - mean) * inverse_deviation * weight + bias, for each channel.
struct NormGradient {
  std::vector<double> a, b, c;       ///< d x = a * d y + b * x + c
  std::vector<double> weight, bias;  ///< of this rank's batch

  /// From this rank's sums of d y and then d y * x, where the batch has `count` elements.
  NormGradient(const std::vector<double>& sums, const std::vector<double>& weight_values,
               const std::vector<double>& mean, const std::vector<double>& inverse_deviation,
               double count, const StatisticsGroup& group);
};

}  // namespace parlando::train
