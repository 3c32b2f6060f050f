#include "train/data/step_batch.h"

#include <algorithm>
#include <numeric>

#include "train/data/sampler.h"

namespace parlando::train {

SampleSet::Batch BatchBuilder::read(std::span<const std::size_t> global_batch,
                                    std::span<const std::size_t> members, SamplePlace first) const {
  std::vector<std::size_t> wanted;
  for (const std::size_t member : members) wanted.push_back(global_batch[member]);
  // All ranks take the length of the global batch, so that kernels see the same shapes.
  SampleSet::Batch batch =
      samples_.batch(wanted, options_.trim ? samples_.longest(global_batch) : 0);
  const auto rows = static_cast<std::size_t>(batch.features.size(2));
  const auto elements = static_cast<std::size_t>(batch.features.size(1)) * rows;
  float* values = batch.features.mutable_data_ptr<float>();
  const std::int64_t* lengths = batch.lengths.const_data_ptr<std::int64_t>();
  for (std::size_t i = 0; i < members.size(); ++i) {
    SamplePlace place = first;
    place.position += static_cast<std::int64_t>(members[i]);
    const std::span<float> own(values + i * elements, static_cast<std::size_t>(lengths[i]) * rows);
    augment_sample(options_.augment, place, own, rows);
  }
  return batch;
}

StepBatch BatchBuilder::build(std::span<const std::size_t> global_batch, std::int64_t epoch,
                              std::int64_t first_position) const {
  const SamplePlace first{.seed = options_.seed, .epoch = epoch, .position = first_position};
  const MixPlan mix = plan_mixup(options_.augment.mixup, first, global_batch.size());
  const auto parts =
      static_cast<int>(std::min(static_cast<std::size_t>(options_.parts), global_batch.size()));
  StepBatch step{.parts = {}, .first_position = first_position, .global_size = global_batch.size()};
  for (int i = 0; i < parts; ++i) {
    const Share all = share_of(global_batch.size(), i, parts);
    const Share own = share_of(all.size(), options_.rank, options_.world_size);
    BatchPart& part = step.parts.emplace_back();
    part.has_samples = own.size() > 0;
    std::vector<std::size_t> members(part.has_samples ? own.size() : 1);
    std::iota(members.begin(), members.end(), all.begin + (part.has_samples ? own.begin : 0));
    for (const std::size_t member : members) {
      part.positions.push_back(first_position + static_cast<std::int64_t>(member));
    }
    part.data = read(global_batch, members, first);
    if (mix.partners.empty()) continue;
    for (std::size_t& member : members) member = mix.partners[member];
    const SampleSet::Batch partners = read(global_batch, members, first);
    part.share = mix.share;
    part.second_labels = partners.labels;
    part.data.features.mul_(mix.share).add_(partners.features, 1 - mix.share);
    part.data.lengths = at::maximum(part.data.lengths, partners.lengths);
  }
  return step;
}

}  // namespace parlando::train
