#include "train/data/epoch_loader.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <utility>

#include "train/data/sampler.h"

namespace parlando::train {
namespace {

StepBatch build(const SampleSet& samples, std::span<const std::size_t> global_batch,
                std::size_t first_position, int rank, int world_size) {
  const Share share = share_of(global_batch.size(), rank, world_size);
  StepBatch result;
  result.has_samples = share.size() > 0;
  result.first_position = static_cast<std::int64_t>(first_position);
  result.global_size = global_batch.size();
  const std::span<const std::size_t> local =
      result.has_samples ? global_batch.subspan(share.begin, share.size()) : global_batch.first(1);
  result.positions.resize(local.size());
  std::iota(result.positions.begin(), result.positions.end(),
            result.first_position + static_cast<std::int64_t>(share.begin));
  result.data = samples.batch(local);
  return result;
}

}  // namespace

EpochLoader::EpochLoader(const SampleSet& samples, std::vector<std::size_t> order,
                         std::size_t batch_size, std::size_t first_step, int rank, int world_size,
                         const InputConfig& config)
    : order_(std::move(order)),
      batches_(first_step, (order_.size() + batch_size - 1) / batch_size,
               static_cast<std::size_t>(config.prefetch),
               static_cast<std::size_t>(config.loader_threads),
               [this, &samples, batch_size, rank, world_size](std::size_t step) {
                 const std::size_t begin = step * batch_size;
                 const std::size_t count = std::min(batch_size, order_.size() - begin);
                 return build(samples, std::span(order_).subspan(begin, count), begin, rank,
                              world_size);
               }) {}

}  // namespace parlando::train
