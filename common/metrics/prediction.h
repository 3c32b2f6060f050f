#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace parlando::metrics {

/// What the model said of one clip, with the clip's labels. Labels that a corpus does not give are
/// empty.
struct Prediction {
  std::string clip;
  int truth = 0;                      ///< class index
  int predicted = 0;                  ///< class index
  std::vector<double> probabilities;  ///< [classes], sums to 1
  std::string channel, sex, intensity, statement, repetition, actor;
};

/// JSON lines, one a clip: {"clip", "true", "predicted", "probabilities", "channel", "sex",
/// "intensity", "statement", "repetition", "actor"}. Written atomically. Both throw Error(artefact)
/// naming file and line.
void write_predictions(const std::filesystem::path& path, std::span<const Prediction> predictions);
std::vector<Prediction> read_predictions(const std::filesystem::path& path);

}  // namespace parlando::metrics
