#include "train/run/train_config.h"

#include "common/config/config.h"
#include "common/core/error.h"
#include "common/io/checksum.h"

namespace parlando::train {

std::optional<data::SplitConfig> TrainSplitConfig::over(const data::SplitConfig& base) const {
  if (!scheme && !by && !seed && !test_fraction && !validation_fraction && !fold && !channels)
    return std::nullopt;
  data::SplitConfig config = base;
  config.scheme = scheme.value_or(config.scheme);
  config.by = by.value_or(config.by);
  config.seed = seed.value_or(config.seed);
  config.test_fraction = test_fraction.value_or(config.test_fraction);
  config.validation_fraction = validation_fraction.value_or(config.validation_fraction);
  config.fold = fold.value_or(config.fold);
  config.channels = channels.value_or(config.channels);
  // A round trip through the reader checks names and ranges with its own messages.
  return parse_config<data::SplitConfig>(dump_config(config), "split");
}

std::size_t TrainConfig::global_batch_size(int world_size) const {
  const int size = batch_size_per_rank > 0 ? batch_size_per_rank * world_size : batch_size;
  return static_cast<std::size_t>(size);
}

double TrainConfig::base_learning_rate(int world_size) const {
  return optimizer.learning_rate * static_cast<double>(global_batch_size(world_size)) / batch_size;
}

void TrainConfig::validate() const {
  if (input.padding == "batch" && !model.mask) {
    fail(ErrorKind::usage,
         "input.padding: batch needs model.mask: true; without it a prediction would depend on the "
         "other clips of its batch");
  }
  if (start.from.empty() && !start.skip.empty()) {
    fail(ErrorKind::usage, "start.skip needs start.from");
  }
  if (protocol.validates_on_variants() && !input.variants) {
    fail(ErrorKind::usage,
         "protocol.allow_leak: {} validates on stored variants of training clips, and "
         "input.variants is false",
         kAugmentedValidation);
  }
}

TrainConfig TrainConfig::relevant() const {
  TrainConfig kept = *this;
  kept.threads = 0;
  kept.device = "cpu";
  kept.checkpoint = {};
  kept.distributed = {};
  kept.log_steps = false;
  kept.input.memory = InputConfig{}.memory;
  kept.input.prefetch = InputConfig{}.prefetch;
  kept.input.loader_threads = InputConfig{}.loader_threads;
  return kept;
}

std::string TrainConfig::hash() const {
  return hash_text(dump_config(relevant()));
}

std::string TrainConfig::rank_hash() const {
  TrainConfig common = relevant();
  common.checkpoint = checkpoint;
  common.log_steps = log_steps;
  common.distributed.micro_shards = distributed.micro_shards;
  common.distributed.check_every = distributed.check_every;
  return hash_text(dump_config(common));
}

TrainConfig load_train_config(const std::vector<std::string>& files,
                              const std::vector<std::string>& overrides) {
  return load_config<TrainConfig>(files, overrides);
}

TrainConfig parse_train_config(const std::string& text, const std::string& source) {
  return parse_config<TrainConfig>(text, source);
}

std::string dump_train_config(const TrainConfig& config) {
  return dump_config(config);
}

std::string describe_train_config() {
  return describe_config<TrainConfig>();
}

}  // namespace parlando::train
