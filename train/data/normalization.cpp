#include "train/data/normalization.h"

#include <algorithm>
#include <cmath>

#include "common/core/error.h"
#include "common/dist/together.h"
#include "train/data/clip_features.h"
#include "train/data/sampler.h"

namespace parlando::train {
namespace {

/// Parts of the clips that are summed by themselves: few enough that their sums fit memory, many
/// enough that ranks share the work evenly.
constexpr std::size_t kParts = 32;

/// Which value of [frames, rows] counts to which mean: each to its own, or to its row's.
struct Groups {
  std::size_t rows, count;
  bool per_row;

  std::size_t of(std::size_t element) const { return per_row ? element % rows : element; }
};

/// Sum of value(group, x) over the values x of all clips, for each group. Each rank sums some
/// parts; then all have all parts, and add them up in their order.
template <class Value>
std::vector<double> sum_over_clips(const ClipFeatures& features, const Groups& groups, Value value,
                                   dist::Communicator& communicator) {
  std::vector<double> parts(kParts * groups.count);
  dist::together(communicator, [&] {
    std::vector<float> clip(features.frames() * features.rows());
    const Share own = share_of(kParts, communicator.rank(), communicator.size());
    for (std::size_t part = own.begin; part < own.end; ++part) {
      const std::span<double> sums = std::span(parts).subspan(part * groups.count, groups.count);
      const std::size_t end = features.size() * (part + 1) / kParts;
      for (std::size_t i = features.size() * part / kParts; i < end; ++i) {
        features.read(i, clip);
        const std::size_t valid = features.clips()[i].valid_frames * features.rows();
        for (std::size_t k = 0; k < valid; ++k) {
          const std::size_t group = groups.of(k);
          sums[group] += value(group, static_cast<double>(clip[k]));
        }
      }
    }
  });
  // A part is non-zero on one rank only, so the sum over ranks is that rank's value, exactly.
  communicator.all_reduce(std::span(parts), dist::ReduceOp::sum);
  std::vector<double> total(groups.count);
  for (std::size_t i = 0; i < parts.size(); ++i) total[i % groups.count] += parts[i];
  return total;
}

std::vector<double> count_values(const ClipFeatures& features, const Groups& groups) {
  std::vector<double> counts(groups.count);
  for (const ClipInfo& clip : features.clips()) {
    for (std::size_t k = 0; k < clip.valid_frames * features.rows(); ++k) ++counts[groups.of(k)];
  }
  return counts;
}

}  // namespace

void Normalization::apply(std::span<float> valid) const {
  for (std::size_t i = 0; i < valid.size(); ++i) {
    valid[i] = (valid[i] - mean[i]) / (deviation[i] + static_cast<float>(epsilon));
  }
}

Normalization fit_normalization(const ClipFeatures& features, const std::string& kind,
                                double epsilon, dist::Communicator& communicator) {
  if (features.size() == 0) {
    dist::fail_together(communicator, ErrorKind::data,
                        "the training side is empty; there is nothing to fit the normalisation on");
  }
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
  const Groups groups{features.rows(), per_row ? features.rows() : elements, per_row};
  const std::vector<double> count = count_values(features, groups);
  std::vector<double> mean = sum_over_clips(
      features, groups, [](std::size_t, double x) { return x; }, communicator);
  for (std::size_t g = 0; g < groups.count; ++g) mean[g] /= std::max(1.0, count[g]);
  const std::vector<double> square = sum_over_clips(
      features, groups,
      [&](std::size_t group, double x) { return (x - mean[group]) * (x - mean[group]); },
      communicator);
  for (std::size_t i = 0; i < elements; ++i) {
    const std::size_t g = groups.of(i);
    if (count[g] == 0) continue;
    result.mean[i] = static_cast<float>(mean[g]);
    result.deviation[i] = static_cast<float>(std::sqrt(square[g] / count[g]));
  }
  return result;
}

}  // namespace parlando::train
