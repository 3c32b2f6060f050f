#include "common/metrics/calibration.h"

#include <algorithm>
#include <cmath>

#include "common/core/error.h"

namespace parlando::metrics {
namespace {

/// A probability of 0 for what happened would make the mean infinite.
constexpr double kSmallest = 1e-12;

}  // namespace

Calibration calibration_of(std::span<const Prediction> predictions, std::size_t bins) {
  if (predictions.empty()) fail(ErrorKind::data, "there are no predictions to calibrate");
  Calibration result;
  result.bins.resize(bins);
  for (const Prediction& prediction : predictions) {
    const std::vector<double>& p = prediction.probabilities;
    const double confidence = p.at(static_cast<std::size_t>(prediction.predicted));
    const auto place = static_cast<std::size_t>(confidence * static_cast<double>(bins));
    CalibrationBin& bin = result.bins[std::min(place, bins - 1)];
    ++bin.n;
    bin.confidence += confidence;
    if (prediction.predicted == prediction.truth) bin.accuracy += 1;
    const auto truth = static_cast<std::size_t>(prediction.truth);
    for (std::size_t k = 0; k < p.size(); ++k) {
      const double off = p[k] - (k == truth ? 1.0 : 0.0);
      result.brier += off * off;
    }
    result.nll -= std::log(std::max(p.at(truth), kSmallest));
  }
  const auto n = static_cast<double>(predictions.size());
  result.brier /= n;
  result.nll /= n;
  for (CalibrationBin& bin : result.bins) {
    if (bin.n == 0) continue;
    const auto own = static_cast<double>(bin.n);
    result.ece += std::abs(bin.confidence - bin.accuracy) / n;
    bin.confidence /= own;
    bin.accuracy /= own;
  }
  return result;
}

}  // namespace parlando::metrics
