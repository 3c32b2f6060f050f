#include "train/run/micro_shards.h"

#include <algorithm>
#include <bit>

#include "common/core/error.h"
#include "train/data/sampler.h"

namespace parlando::train {
namespace {

int checked_shares_of_rank(const TrainConfig& config, int ranks) {
  const int shards = config.distributed.micro_shards;
  if (!std::has_single_bit(static_cast<unsigned>(shards)) || shards % ranks != 0) {
    fail(ErrorKind::usage,
         "distributed.micro_shards={} with {} rank{}: give a power of two that the number of ranks "
         "divides, or 0 for none",
         shards, ranks, ranks == 1 ? "" : "s");
  }
  if (config.device != "cpu")
    fail(ErrorKind::usage, "distributed.micro_shards needs device=cpu; set it to 0");
  return shards / ranks;
}

/// Micro-shard `shard` of a rank's share of a part of a batch with `size` samples; the rank begins
/// with micro-shard `first`.
BatchPart shard_of(const BatchPart& part, std::size_t size, int shard, int first, int shards) {
  const Share own = share_of(size, shard, shards);
  const std::size_t offset = own.begin - share_of(size, first, shards).begin;
  const bool has_samples = own.size() > 0;
  const auto begin = static_cast<std::int64_t>(has_samples ? offset : 0);
  const auto count = static_cast<std::int64_t>(has_samples ? own.size() : 1);
  // Copies, so that a kernel sees the same alignment wherever the shard lies in its rank's share.
  const auto cut = [&](const at::Tensor& tensor) {
    return tensor.defined() ? tensor.narrow(0, begin, count).clone() : tensor;
  };
  return {.data = {.features = cut(part.data.features),
                   .labels = cut(part.data.labels),
                   .lengths = cut(part.data.lengths)},
          .second_labels = cut(part.second_labels),
          .share = part.share,
          .positions = {part.positions.begin() + begin, part.positions.begin() + begin + count},
          .has_samples = has_samples};
}

StepBatch shard_of(const StepBatch& batch, int shard, int first, int shards) {
  StepBatch result{
      .parts = {}, .first_position = batch.first_position, .global_size = batch.global_size};
  const auto parts = static_cast<int>(batch.parts.size());
  for (int i = 0; i < parts; ++i) {
    const std::size_t size = share_of(batch.global_size, i, parts).size();
    result.parts.push_back(
        shard_of(batch.parts[static_cast<std::size_t>(i)], size, shard, first, shards));
  }
  return result;
}

}  // namespace

MicroShards::MicroShards(const TrainConfig& config, Classifier& model, FlatParameters& flat,
                         const at::Tensor& class_weights, dist::Communicator& host,
                         const ReplicaFactory& make_replica)
    : of_rank_(checked_shares_of_rank(config, host.size())),
      first_(host.rank() * of_rank_),
      all_(config.distributed.micro_shards),
      model_(model),
      threads_(host, {.members = of_rank_, .running = std::max(0, config.threads), .on_start = [] {
                        at::set_num_threads(1);
                      }}) {
  for (int i = 0; i < of_rank_; ++i) {
    dist::Communicator& member = threads_.member(i);
    if (i == 0) {
      passes_.emplace_back(config, model, flat, class_weights, member, member);
      continue;
    }
    Replica& replica = replicas_.emplace_back(make_replica(), flat.values());
    passes_.emplace_back(config, replica.model, replica.flat, class_weights, member, member);
  }
}

void MicroShards::share_statistics() {
  const at::NoGradGuard guard;
  const std::vector<NamedTensor>& source = model_.buffers();
  for (Replica& replica : replicas_) {
    for (std::size_t i = 0; i < source.size(); ++i)
      replica.model.buffers()[i].tensor.copy_(source[i].tensor);
  }
}

PassSums MicroShards::run(const StepBatch& batch, std::int64_t epoch, StepObserver* observer) {
  share_statistics();
  PassSums sums;
  threads_.run([&](int i) {
    const PassSums of_all = passes_[static_cast<std::size_t>(i)].run(
        shard_of(batch, first_ + i, first_, all_), epoch, i == 0 ? observer : nullptr);
    if (i == 0) sums = of_all;
  });
  return sums;
}

int kernel_threads(const TrainConfig& config, int threads) {
  return config.distributed.micro_shards > 0 ? 1 : threads;
}

}  // namespace parlando::train
