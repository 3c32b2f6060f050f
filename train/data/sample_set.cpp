#include "train/data/sample_set.h"

#include <algorithm>
#include <utility>

namespace parlando::train {

SampleSet::SampleSet(FeatureSet features, FeatureSet changed,
                     std::vector<SideRows::Variant> variants)
    : features_(std::move(features)),
      changed_(std::move(changed)),
      variants_(std::move(variants)) {}

std::size_t SampleSet::clip_of(std::size_t sample) const {
  return sample < features_.size() ? sample : variants_[sample - features_.size()].clip;
}

std::int64_t SampleSet::label(std::size_t sample) const {
  return features_.clips[clip_of(sample)].label;
}

std::vector<std::size_t> SampleSet::class_counts(std::size_t classes) const {
  std::vector<std::size_t> counts(classes, 0);
  for (std::size_t i = 0; i < size(); ++i) ++counts[static_cast<std::size_t>(label(i))];
  return counts;
}

void SampleSet::make_variant(const SideRows::Variant& variant, std::span<float> target) const {
  const FeatureSet& set = variant.changed ? changed_ : features_;
  const std::size_t source = variant.changed.value_or(variant.clip);
  std::ranges::copy(set.features(source), target.begin());
  const std::size_t valid = set.clips[source].valid_frames * set.rows;
  for (const data::RowOperation& operation : variant.operations) {
    data::apply_row_operation(operation, target.first(valid), set.rows);
  }
}

SampleSet::Batch SampleSet::batch(std::span<const std::size_t> samples) const {
  const auto count = static_cast<std::int64_t>(samples.size());
  Batch result{.features = at::empty({count, static_cast<std::int64_t>(features_.frames),
                                      static_cast<std::int64_t>(features_.rows)},
                                     at::kFloat),
               .labels = at::empty({count}, at::kLong)};
  float* features = result.features.mutable_data_ptr<float>();
  std::int64_t* labels = result.labels.mutable_data_ptr<std::int64_t>();
  const std::size_t elements = features_.frames * features_.rows;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const std::span<float> target(features + i * elements, elements);
    if (samples[i] < features_.size()) {
      std::ranges::copy(features_.features(samples[i]), target.begin());
    } else {
      make_variant(variants_[samples[i] - features_.size()], target);
    }
    labels[i] = label(samples[i]);
  }
  return result;
}

}  // namespace parlando::train
