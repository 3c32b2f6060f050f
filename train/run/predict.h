#pragma once

#include <functional>
#include <span>
#include <vector>

#include "common/data/dataset.h"
#include "common/dist/communicator.h"
#include "common/metrics/prediction.h"
#include "train/data/clip_features.h"
#include "train/model/classifier.h"
#include "train/optim/loss.h"

namespace parlando::train {

/// Class probabilities of clips, each computed by one rank and known to all afterwards.
struct Probabilities {
  std::size_t classes = 0;
  std::vector<double> values;  ///< [clips, classes]

  std::span<const double> of(std::size_t clip) const {
    return std::span(values).subspan(clip * classes, classes);
  }
  std::size_t best(std::size_t clip) const;
};

/// Clips as a network takes them.
struct InputBatch {
  at::Tensor features;                ///< [clips, frames, rows], normalised
  std::vector<std::int64_t> lengths;  ///< valid frames of each
};

/// Clips [begin, begin + count), padded to the length that all have, or with `trim` to the longest.
InputBatch read_batch(const ClipFeatures& features, std::size_t begin, std::size_t count,
                      bool trim);

/// Class probabilities [clips, classes] float64 on the host, without dropout. `observer` may be
/// null.
at::Tensor classify(Classifier& model, const InputBatch& batch, StepObserver* observer = nullptr);

/// Runs the network on normalised features without dropout. `features` is the whole side on every
/// rank, of which each reads its share only. Throws on all ranks together if one can't read.
/// Batches are the same clips on any number of ranks; a network that masks padding gets each as
/// short as its longest clip. `on_batch` is called after every batch of this rank.
Probabilities predict(Classifier& model, const ClipFeatures& features, std::size_t classes,
                      dist::Communicator& communicator, const std::function<void()>& on_batch = {});

/// Mean loss without class weights, as Keras' val_loss.
double mean_loss(const Probabilities& probabilities, const ClipFeatures& features,
                 const LossConfig& config);

/// Predictions with their clips' labels, for metrics and reports.
std::vector<metrics::Prediction> to_predictions(const Probabilities& probabilities,
                                                const ClipFeatures& features,
                                                const data::Dataset& dataset);

}  // namespace parlando::train
