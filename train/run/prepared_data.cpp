#include "train/run/prepared_data.h"

#include <algorithm>
#include <utility>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/data/class_weights.h"

namespace parlando::train {
namespace {

void normalize(FeatureSet& set, const Normalization& normalization) {
  for (std::size_t i = 0; i < set.size(); ++i)
    normalization.apply(set.features(i), set.clips[i].valid_frames);
}

}  // namespace

data::Split choose_split(const data::Dataset& dataset, const TrainConfig& config) {
  const data::Split& own = dataset.manifest().split;
  const std::optional<data::SplitConfig> wanted = config.split.over(own.config);
  data::Split split = wanted ? data::make_split(dataset.corpus(), *wanted) : own;
  if (split.train.empty() || split.validation.empty()) {
    fail(split.config.validation_fraction > 0 ? ErrorKind::data : ErrorKind::usage,
         "the split's {} side is empty; early stopping needs a validation side "
         "(split.validation_fraction)",
         split.train.empty() ? "training" : "validation");
  }
  return split;
}

RunIdentity identify(const data::Dataset& dataset, const data::Split& split,
                     const TrainConfig& config) {
  return {
      .config_hash = config.hash(), .data_hash = dataset.manifest().id, .split_hash = split.hash()};
}

PreparedData prepare_data(const data::Dataset& dataset, const data::Split& split,
                          const TrainConfig& config) {
  const auto frames = static_cast<std::size_t>(config.input.frames);
  SideRows rows = find_side_rows(dataset, split, data::Side::train, config.input.variants);
  FeatureSet train = load_features(dataset, rows.clips, frames);
  PreparedData prepared;
  prepared.normalization =
      fit_normalization(train, config.input.normalization, config.input.epsilon);
  normalize(train, prepared.normalization);
  FeatureSet changed = load_features(dataset, rows.changed, frames);
  normalize(changed, prepared.normalization);
  prepared.train =
      std::make_unique<SampleSet>(std::move(train), std::move(changed), std::move(rows.variants));
  prepared.validation = load_side(dataset, split, data::Side::validation, prepared.normalization);
  return prepared;
}

FeatureSet load_side(const data::Dataset& dataset, const data::Split& split, data::Side side,
                     const Normalization& normalization) {
  FeatureSet set = load_features(dataset, find_side_rows(dataset, split, side, false).clips,
                                 normalization.frames);
  normalize(set, normalization);
  return set;
}

at::Tensor class_weights(const LossConfig& config, const SampleSet& train,
                         const std::vector<std::string>& classes) {
  std::vector<double> weights =
      config.class_weights == "balanced"
          ? data::balanced_class_weights(train.class_counts(classes.size()))
          : std::vector<double>(classes.size(), 1.0);
  for (const auto& [name, factor] : config.class_weight_factors) {
    const auto found = std::ranges::find(classes, name);
    if (found == classes.end()) {
      fail(ErrorKind::usage, "loss.class_weight_factors: '{}' is not a class of the dataset ({})",
           name, join_text(classes, ", "));
    }
    weights[static_cast<std::size_t>(found - classes.begin())] *= factor;
  }
  return torch::tensor(weights, at::kDouble);
}

}  // namespace parlando::train
