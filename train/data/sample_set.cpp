#include "train/data/sample_set.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "common/core/error.h"

namespace parlando::train {

SampleSet::SampleSet(ClipFeatures features, ClipFeatures changed,
                     std::vector<SideRows::Variant> variants)
    : features_(std::move(features)),
      changed_(std::move(changed)),
      variants_(std::move(variants)) {}

std::int64_t SampleSet::label(std::size_t sample) const {
  const std::size_t clip = sample < clips() ? sample : variants_[sample - clips()].clip;
  return features_.clips()[clip].label;
}

std::vector<std::size_t> SampleSet::class_counts(std::size_t classes) const {
  std::vector<std::size_t> counts(classes, 0);
  for (std::size_t i = 0; i < size(); ++i) ++counts[static_cast<std::size_t>(label(i))];
  return counts;
}

SampleSet::Source SampleSet::source_of(std::size_t sample) const {
  if (sample < clips()) return {features_, sample};
  const SideRows::Variant& variant = variants_[sample - clips()];
  if (variant.changed) return {changed_, *variant.changed};
  return {features_, variant.clip};
}

std::size_t SampleSet::longest(std::span<const std::size_t> samples) const {
  std::size_t frames = 0;
  for (const std::size_t sample : samples) {
    const Source source = source_of(sample);
    frames = std::max(frames, source.features.clips()[source.clip].valid_frames);
  }
  return frames;
}

SampleSet::Batch SampleSet::batch(std::span<const std::size_t> samples, std::size_t frames) const {
  if (frames == 0) frames = features_.frames();
  const auto count = static_cast<std::int64_t>(samples.size());
  Batch result{.features = at::empty({count, static_cast<std::int64_t>(frames),
                                      static_cast<std::int64_t>(features_.rows())},
                                     at::kFloat),
               .labels = at::empty({count}, at::kLong),
               .lengths = at::empty({count}, at::kLong)};
  float* features = result.features.mutable_data_ptr<float>();
  std::int64_t* labels = result.labels.mutable_data_ptr<std::int64_t>();
  std::int64_t* lengths = result.lengths.mutable_data_ptr<std::int64_t>();
  const std::size_t elements = frames * features_.rows();
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const std::span<float> target(features + i * elements, elements);
    const Source source = source_of(samples[i]);
    const std::size_t valid_frames = source.features.clips()[source.clip].valid_frames;
    source.features.read(source.clip, target);
    if (samples[i] >= clips()) {
      for (const data::RowOperation& operation : variants_[samples[i] - clips()].operations) {
        data::apply_row_operation(operation, target.first(valid_frames * features_.rows()),
                                  features_.rows());
      }
    }
    labels[i] = label(samples[i]);
    lengths[i] = static_cast<std::int64_t>(valid_frames);
  }
  return result;
}

ClipFeatures SampleSet::split_off_variants(std::size_t count) {
  if (count > variants_.size()) {
    fail(
        ErrorKind::usage,
        "{} of the training samples are to validate, and only {} are stored variants; make more of "
        "them (variants.copies of preprocess), or take a smaller share",
        count, variants_.size());
  }
  std::ranges::stable_sort(variants_, {}, &SideRows::Variant::clip);
  std::vector<std::size_t> samples(count);
  std::iota(samples.begin(), samples.end(), size() - count);
  const Batch taken = batch(samples);
  std::vector<ClipInfo> infos;
  for (const std::size_t sample : samples) {
    const Source source = source_of(sample);
    infos.push_back({.dataset_row = variants_[sample - clips()].dataset_row,
                     .label = label(sample),
                     .valid_frames = source.features.clips()[source.clip].valid_frames});
  }
  variants_.resize(variants_.size() - count);
  return {std::move(infos), features_.frames(), features_.rows(),
          std::span(taken.features.const_data_ptr<float>(),
                    static_cast<std::size_t>(taken.features.numel()))};
}

}  // namespace parlando::train
