#pragma once

#include <memory>

#include "common/data/audit.h"
#include "common/data/dataset.h"
#include "train/data/normalization.h"
#include "train/data/sample_set.h"
#include "train/data/sampler.h"
#include "train/run/run_folder.h"
#include "train/run/train_config.h"

namespace parlando::train {

/// The split that a run trains on: the dataset's, or one made anew from its corpus. Its validation
/// side is empty where a leak is to fill it (ProtocolConfig). Throws Error(data) or Error(usage) if
/// the training side is empty, or the validation side, or if a leak is to fill one that is not.
data::Split choose_split(const data::Dataset& dataset, const TrainConfig& config);

/// Hashes of configuration, dataset and split.
RunIdentity identify(const data::Dataset& dataset, const data::Split& split,
                     const TrainConfig& config);

/// Frames of the network's input: those configured, or those of the dataset's longest clip.
std::size_t input_frames(const data::Dataset& dataset, const InputConfig& config);

/// The training and validation sides, normalised by what the training clips say. The test side is
/// not read here, unless ProtocolConfig allows the leak that validates on it.
struct PreparedData {
  std::unique_ptr<MemoryBudget> budget;  ///< of both sides
  Normalization normalization;
  std::unique_ptr<SampleSet> train;
  std::unique_ptr<ClipFeatures> validation;
};
/// Keeps features within `memory_bytes`. `dataset` must outlive the result. Every rank calls it;
/// throws on all together.
PreparedData prepare_data(const data::Dataset& dataset, const data::Split& split,
                          const TrainConfig& config, std::int64_t memory_bytes,
                          dist::Communicator& communicator);

/// One side's clips, cropped and normalised as in training. The references must outlive the result.
ClipFeatures open_side(const data::Dataset& dataset, const data::Split& split, data::Side side,
                       const Normalization& normalization, MemoryBudget& budget);

/// Throws Error(data) if the training side has clips of one class only. Returns the classes of
/// which it has none.
std::vector<std::string> absent_classes(const SampleSet& train,
                                        const std::vector<std::string>& classes);

/// What chooses the samples of each epoch.
EpochSampler make_sampler(const TrainConfig& config, const SampleSet& train);

/// Weight of each class in the loss, [classes] float64: balanced over the training samples or 1,
/// times the configured factors. Throws Error(usage) for a factor of a class that does not exist.
at::Tensor class_weights(const TrainConfig& config, const SampleSet& train,
                         const std::vector<std::string>& classes);

}  // namespace parlando::train
