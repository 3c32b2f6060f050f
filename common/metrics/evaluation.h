#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "common/metrics/bootstrap.h"
#include "common/metrics/confusion_matrix.h"
#include "common/metrics/prediction.h"

namespace parlando::metrics {

/// Figures of the samples that share a label, for instance all song clips.
struct Group {
  std::string name;
  std::int64_t n = 0;
  double accuracy = 0;
  double uar = 0;  ///< over the classes that have samples in the group
};

/// All groups of one kind: "channel", "sex", "intensity" or "actor", sorted by name.
struct Breakdown {
  std::string name;
  std::vector<Group> groups;
};

/// Everything that predictions on one side of a split say.
struct Evaluation {
  std::vector<std::string> classes;
  ConfusionMatrix confusion;
  Figure accuracy, uar, macro_f1, weighted_f1;
  std::vector<ClassScores> per_class;  ///< [classes]
  std::vector<Breakdown> breakdowns;   ///< those that the corpus has labels for
  std::string interval_method;         ///< "bootstrap by speaker" or "bootstrap by clip"
  std::size_t resamples = 0;
  std::size_t clusters = 0;  ///< speakers, or clips, that were resampled

  std::int64_t n() const { return confusion.total(); }
};

/// The groups of samples that have the same value of a label.
Breakdown breakdown_by(const std::string& name, std::span<const Prediction> predictions,
                       std::string Prediction::*label, std::size_t classes);

inline constexpr std::size_t kBootstrapResamples = 2000;

/// Figures with 95 % intervals: resampled by speaker; by clip where fewer than two speakers are
/// known. Throws Error(data) if there are no predictions or one has a class index that does not
/// exist, naming the clip.
Evaluation evaluate_predictions(std::span<const Prediction> predictions,
                                const std::vector<std::string>& classes,
                                std::size_t resamples = kBootstrapResamples,
                                std::uint64_t seed = 0);

}  // namespace parlando::metrics
