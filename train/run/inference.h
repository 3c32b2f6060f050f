#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "common/audio/feature_extractor.h"
#include "common/data/dataset.h"
#include "common/data/split.h"
#include "common/metrics/prediction.h"
#include "train/run/model_description.h"

namespace parlando::train {

/// What a network says of one clip.
struct ClipScores {
  std::vector<double> probabilities;  ///< [classes], sums to 1
  /// Weight of each time step, sums to 1, padding that is masked left out; empty unless asked for,
  /// and for a network without attention.
  std::vector<float> attention;

  std::size_t best() const;
};

/// A trained network in use: features take the path through crop, padding, normalisation and
/// network that validation and test take. Needs no header of libtorch. Any number of threads may
/// call its functions at once.
class Inference {
 public:
  /// Reads a folder model/. Throws Error(artefact) naming the file and what to do.
  explicit Inference(const std::filesystem::path& model_folder);
  ~Inference();
  Inference(Inference&&) noexcept;

  const ModelDescription& description() const;
  /// Frames from one weight of the attention to the next.
  std::int64_t frames_per_step() const;

  /// Scores of clips by their features, [frames, rows] as the extractor makes them, of any lengths.
  /// They are computed as one batch; the others of a batch change scores in their last bits only.
  /// Throws Error(data) for features that are not finite.
  std::vector<ClipScores> score(std::span<const audio::FeatureMatrix> clips,
                                bool attention = false) const;

  /// Predictions for one side of a split from the features that a dataset holds, in the split's
  /// order. Throws Error(artefact) for a damaged shard.
  std::vector<metrics::Prediction> predict_side(const data::Dataset& dataset,
                                                const data::Split& split, data::Side side) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Threads that each call of score() may use, in the whole process; several callers need one each.
void set_inference_threads(int threads);

}  // namespace parlando::train
