#include "train/data/normalization.h"

#include <algorithm>
#include <cmath>

#include "common/core/error.h"
#include "train/data/clip_features.h"

namespace parlando::train {
namespace {

/// Sums over clips for each element of [frames, rows], or for each row when `per_row`.
struct Moments {
  std::vector<double> count, sum, square;
  explicit Moments(std::size_t size) : count(size), sum(size), square(size) {}
};

template <class Visit>
void for_each_value(const ClipFeatures& features, Visit visit) {
  std::vector<float> values(features.frames() * features.rows());
  for (std::size_t clip = 0; clip < features.size(); ++clip) {
    features.read(clip, values);
    const std::size_t valid = features.clips()[clip].valid_frames * features.rows();
    for (std::size_t i = 0; i < valid; ++i) visit(i, static_cast<double>(values[i]));
  }
}

}  // namespace

void Normalization::apply(std::span<float> valid) const {
  for (std::size_t i = 0; i < valid.size(); ++i) {
    valid[i] = (valid[i] - mean[i]) / (deviation[i] + static_cast<float>(epsilon));
  }
}

Normalization fit_normalization(const ClipFeatures& features, const std::string& kind,
                                double epsilon) {
  if (features.size() == 0)
    fail(ErrorKind::data,
         "the training side is empty; there is nothing to fit the normalisation on");
  const std::size_t elements = features.frames() * features.rows();
  Normalization result{.frames = features.frames(),
                       .rows = features.rows(),
                       .mean = std::vector<float>(elements, 0.0F),
                       .deviation = std::vector<float>(elements, 1.0F),
                       .epsilon = epsilon};
  if (kind == "none") {
    result.epsilon = 0;
    return result;
  }
  const bool per_row = kind == "per-row";
  const std::size_t groups = per_row ? features.rows() : elements;
  const auto group = [&](std::size_t i) { return per_row ? i % features.rows() : i; };
  Moments moments(groups);
  for_each_value(features, [&](std::size_t i, double value) {
    moments.count[group(i)] += 1;
    moments.sum[group(i)] += value;
  });
  std::vector<double> mean(groups);
  for (std::size_t g = 0; g < groups; ++g)
    mean[g] = moments.sum[g] / std::max(1.0, moments.count[g]);
  for_each_value(features, [&](std::size_t i, double value) {
    const double distance = value - mean[group(i)];
    moments.square[group(i)] += distance * distance;
  });
  for (std::size_t i = 0; i < elements; ++i) {
    const std::size_t g = group(i);
    if (moments.count[g] == 0) continue;
    result.mean[i] = static_cast<float>(mean[g]);
    result.deviation[i] = static_cast<float>(std::sqrt(moments.square[g] / moments.count[g]));
  }
  return result;
}

}  // namespace parlando::train
