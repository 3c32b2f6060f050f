#include "train/run/prepared_data.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/data/class_weights.h"
#include "common/dist/together.h"

namespace parlando::train {
namespace {

/// Keras' validation_split takes the last share of the samples: n - floor(n * (1 - share)).
std::size_t validating_samples(std::size_t samples, double share) {
  const auto n = static_cast<double>(samples);
  return samples - static_cast<std::size_t>(std::floor(n * (1 - share)));
}

void check_sides(const data::Split& split, const ProtocolConfig& protocol) {
  if (protocol.leaks() && !split.validation.empty()) {
    fail(ErrorKind::usage,
         "protocol.allow_leak: {} fills the validation side, and the split has one of {} clips; "
         "make the dataset with split.validation_fraction=0, so that all clips outside the test "
         "side train",
         protocol.allow_leak.front(), split.validation.size());
  }
  if (!split.train.empty() && (!split.validation.empty() || protocol.leaks())) return;
  fail(split.config.validation_fraction > 0 ? ErrorKind::data : ErrorKind::usage,
       "the split's {} side is empty; early stopping needs a validation side "
       "(split.validation_fraction)",
       split.train.empty() ? "training" : "validation");
}

}  // namespace

data::Split choose_split(const data::Dataset& dataset, const TrainConfig& config) {
  const data::Split& own = dataset.manifest().split;
  const std::optional<data::SplitConfig> wanted = config.split.over(own.config);
  data::Split split = wanted ? data::make_split(dataset.corpus(), *wanted) : own;
  check_sides(split, config.protocol);
  return split;
}

RunIdentity identify(const data::Dataset& dataset, const data::Split& split,
                     const TrainConfig& config) {
  return {
      .config_hash = config.hash(), .data_hash = dataset.manifest().id, .split_hash = split.hash()};
}

std::size_t input_frames(const data::Dataset& dataset, const InputConfig& config) {
  if (config.frames > 0) return static_cast<std::size_t>(config.frames);
  std::int64_t longest = 1;
  for (const data::DatasetRow& row : dataset.rows()) longest = std::max(longest, row.frames);
  return static_cast<std::size_t>(longest);
}

PreparedData prepare_data(const data::Dataset& dataset, const data::Split& split,
                          const TrainConfig& config, std::int64_t memory_bytes,
                          dist::Communicator& communicator) {
  const std::size_t frames = input_frames(dataset, config.input);
  PreparedData prepared;
  prepared.budget = std::make_unique<MemoryBudget>(memory_bytes);
  SideRows rows;
  dist::together(communicator, [&] {
    rows = find_side_rows(dataset, split, data::Side::train, config.input.variants);
  });
  ClipFeatures clips(dataset, rows.clips, frames, *prepared.budget);
  ClipFeatures changed(dataset, rows.changed, frames, *prepared.budget);
  prepared.normalization =
      fit_normalization(clips, config.input.normalization, config.input.epsilon, communicator);
  clips.normalize(prepared.normalization);
  changed.normalize(prepared.normalization);
  prepared.train =
      std::make_unique<SampleSet>(std::move(clips), std::move(changed), std::move(rows.variants));
  const ProtocolConfig& protocol = config.protocol;
  const data::Side side = protocol.validates_on_test() ? data::Side::test : data::Side::validation;
  dist::together(communicator, [&] {
    prepared.validation = std::make_unique<ClipFeatures>(
        protocol.validates_on_variants()
            ? prepared.train->split_off_variants(
                  validating_samples(prepared.train->size(), protocol.augmented_share))
            : open_side(dataset, split, side, prepared.normalization, *prepared.budget));
  });
  return prepared;
}

ClipFeatures open_side(const data::Dataset& dataset, const data::Split& split, data::Side side,
                       const Normalization& normalization, MemoryBudget& budget) {
  ClipFeatures features(dataset, find_side_rows(dataset, split, side, false).clips,
                        normalization.frames, budget);
  features.normalize(normalization);
  return features;
}

std::vector<std::string> absent_classes(const SampleSet& train,
                                        const std::vector<std::string>& classes) {
  const std::vector<std::size_t> counts = train.class_counts(classes.size());
  std::vector<std::string> absent, present;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    (counts[i] > 0 ? present : absent).push_back(classes[i]);
  }
  if (present.size() < 2) {
    fail(ErrorKind::data,
         "the training side has clips of one class only ({}), so there is nothing to tell apart; "
         "check the corpus's labels, or split otherwise",
         join_text(present, ", "));
  }
  return absent;
}

EpochSampler make_sampler(const TrainConfig& config, const SampleSet& train) {
  std::vector<int> labels;
  for (std::size_t i = 0; i < train.size(); ++i) labels.push_back(static_cast<int>(train.label(i)));
  return {std::move(labels), config.sampling, config.seed};
}

at::Tensor class_weights(const TrainConfig& config, const SampleSet& train,
                         const std::vector<std::string>& classes) {
  const bool sampled = config.loss.class_counts == "sampled";
  std::vector<double> weights(classes.size(), 1.0);
  if (config.loss.class_weights == "balanced") {
    weights = data::balanced_class_weights(
        sampled ? make_sampler(config, train).class_counts(classes.size())
                : train.class_counts(classes.size()));
  }
  for (const auto& [name, factor] : config.loss.class_weight_factors) {
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
