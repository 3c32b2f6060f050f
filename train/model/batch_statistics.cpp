#include "train/model/batch_statistics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace parlando::train {

void StatisticsGroup::sum(std::vector<double>& values) const {
  if (!has_samples) values.assign(values.size(), 0.0);
  if (ranks != nullptr) ranks->all_reduce(std::span(values), dist::ReduceOp::sum);
}

BatchStatistics::BatchStatistics(std::vector<double> sums, double own_count,
                                 const StatisticsGroup& group) {
  const std::size_t channels = sums.size() / 2;
  sums.push_back(own_count);
  group.sum(sums);
  count = sums.back();
  for (std::size_t k = 0; k < channels; ++k) {
    mean.push_back(sums[k] / count);
    variance.push_back(std::max(0.0, sums[channels + k] / count - mean[k] * mean[k]));
  }
}

std::vector<double> BatchStatistics::inverse_deviation(double epsilon) const {
  std::vector<double> result;
  for (const double value : variance) result.push_back(1.0 / std::sqrt(value + epsilon));
  return result;
}

NormGradient::NormGradient(const std::vector<double>& sums,
                           const std::vector<double>& weight_values,
                           const std::vector<double>& mean,
                           const std::vector<double>& inverse_deviation, double count,
                           const StatisticsGroup& group) {
  const std::size_t channels = mean.size();
  std::vector<double> all = sums;
  group.sum(all);
  const double keep = group.has_samples ? 1.0 : 0.0;
  for (std::size_t k = 0; k < channels; ++k) {
    const double deviation = inverse_deviation[k];
    const auto of_normalized = [&](const std::vector<double>& s) {
      return (s[channels + k] - mean[k] * s[k]) * deviation;
    };
    // d x = scale * (d y - sum(d y) / n - xhat * sum(d y * xhat) / n)
    const double scale = weight_values[k] * deviation;
    a.push_back(keep * scale);
    b.push_back(-keep * scale * deviation * of_normalized(all) / count);
    c.push_back(-keep * scale * all[k] / count - b[k] * mean[k]);
    weight.push_back(keep * of_normalized(sums));
    bias.push_back(keep * sums[k]);
  }
}

}  // namespace parlando::train
