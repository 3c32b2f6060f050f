#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/data/split.h"
#include "train/checkpoint/checkpoint_config.h"
#include "train/data/augment_config.h"
#include "train/data/input_config.h"
#include "train/data/sampling_config.h"
#include "train/network/model_config.h"
#include "train/optim/averaging_config.h"
#include "train/optim/early_stopping.h"
#include "train/optim/loss_config.h"
#include "train/optim/optimizer_config.h"
#include "train/optim/schedule_config.h"
#include "train/run/protocol_config.h"
#include "train/run/start_config.h"

namespace parlando::train {

struct DistributedConfig {
  double first_timeout_seconds = 1800;
  double timeout_seconds = 300;
  int micro_shards = 0;
  int check_every = 100;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("micro_shards", micro_shards,
            {.help = "fixed shares of each batch, a power of two that the number of ranks divides: "
                     "results then have the same bits on 1, 2, 4, ... ranks; 0 = none",
             .min = 0,
             .max = 1024});
    v.field("check_every", check_every,
            {.help = "how often the ranks compare their parameters, which must be the same bits; 0 "
                     "= never",
             .unit = "steps",
             .min = 0});
    v.field("first_timeout_seconds", first_timeout_seconds,
            {.help = "without any progress before the first step is done; then the job ends",
             .unit = "s",
             .min = 0.1});
    v.field("timeout_seconds", timeout_seconds,
            {.help = "without any progress afterwards: a batch, a collective, a checkpoint",
             .unit = "s",
             .min = 0.1});
  }
};

/// The split to train on: the dataset's own, with the keys given here in place of its.
struct TrainSplitConfig {
  std::optional<std::string> scheme, by;
  std::optional<std::uint64_t> seed;
  std::optional<double> test_fraction, validation_fraction;
  std::optional<int> fold;
  std::optional<data::ChannelsConfig> channels;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("scheme", scheme, {.help = "as in preprocess; null = the dataset's own split"});
    v.field("by", by, {.help = "strata"});
    v.field("seed", seed, {.help = "of the draw"});
    v.field("test_fraction", test_fraction, {.help = "share of the test side"});
    v.field("validation_fraction", validation_fraction,
            {.help = "share of the rest that validates"});
    v.field("fold", fold, {.help = "which fold is the test side"});
    v.field("channels", channels, {.help = "train, validation, test: that a side holds clips of"});
  }

  /// The dataset's settings with those given here laid over them; nullopt if none is given.
  /// Throws Error(usage) for a value that the split block does not accept.
  std::optional<data::SplitConfig> over(const data::SplitConfig& base) const;
};

/// A training run.
struct TrainConfig {
  std::string name = "mel128";
  std::uint64_t seed = 42;
  int epochs = 50;
  int batch_size = 32;
  int batch_size_per_rank = 0;
  int accumulate = 1;
  int threads = 0;
  std::string device = "cpu";
  std::string precision = "float32";
  bool fast_kernels = true;
  bool sync_batch_norm = true;
  std::string on_non_finite = "stop";
  bool log_steps = false;
  TrainSplitConfig split;
  ProtocolConfig protocol;
  InputConfig input;
  SamplingConfig sampling;
  AugmentConfig augment;
  ModelConfig model;
  StartConfig start;
  LossConfig loss;
  OptimizerConfig optimizer;
  ScheduleConfig schedule;
  AveragingConfig averaging;
  EarlyStoppingConfig early_stopping;
  CheckpointConfig checkpoint;
  DistributedConfig distributed;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("name", name, {.help = "of the recipe, for reports"});
    v.field("seed", seed, {.help = "of initial weights, data order and dropout"});
    v.field("epochs", epochs,
            {.help = "passes over the training side at the most", .min = 1, .max = 1e6});
    v.field("batch_size", batch_size,
            {.help = "of all ranks together", .unit = "samples", .min = 1, .max = 1e6});
    v.field("batch_size_per_rank", batch_size_per_rank,
            {.help = "of each rank instead; the learning rate is then the one for batch_size, and "
                     "grows in proportion; 0 = off",
             .unit = "samples",
             .min = 0,
             .max = 1e6});
    v.field("accumulate", accumulate,
            {.help = "parts that a batch is computed in, one after the other, to save memory",
             .min = 1,
             .max = 1e6});
    v.field("threads", threads,
            {.help = "of each rank; 0 = its share of the cores", .min = 0, .max = 4096});
    v.field("device", device, {.help = "where the network runs", .choices = {"cpu", "cuda"}});
    v.field(
        "precision", precision,
        {.help = "of parameters and activations; bfloat16: only of the products in convolutions "
                 "and dense layers, the rest as float32",
         .choices = {"float32", "bfloat16", "float64"}});
    v.field("fast_kernels", fast_kernels,
            {.help = "fused CPU kernels; false = libtorch's operations one by one, to compare"});
    v.field(
        "sync_batch_norm", sync_batch_norm,
        {.help = "batch statistics over all ranks, so that results do not depend on their number"});
    v.field("on_non_finite", on_non_finite,
            {.help = "a step whose loss or gradients are no numbers ends the run or is left out",
             .choices = {"stop", "skip"}});
    v.field("split", split, {.help = "divides the dataset's clips anew"});
    v.field("protocol", protocol, {.help = "what makes figures that are not to be believed"});
    v.field("input", input, {.help = "from stored features to the network's input"});
    v.field("log_steps", log_steps,
            {.help = "write loss and batch hash of every step to steps.jsonl"});
    v.field("sampling", sampling, {.help = "which samples an epoch holds"});
    v.field("augment", augment, {.help = "changes training samples anew in each epoch"});
    v.field("model", model, {.help = "the network"});
    v.field("start", start, {.help = "weights of another run"});
    v.field("loss", loss, {.help = "what is minimised"});
    v.field("optimizer", optimizer, {.help = "how"});
    v.field("schedule", schedule, {.help = "learning rate over the training"});
    v.field("averaging", averaging, {.help = "of weights along the training"});
    v.field("early_stopping", early_stopping, {.help = "when to stop"});
    v.field("checkpoint", checkpoint, {.help = "when to write them, and which to keep"});
    v.field("distributed", distributed, {.help = "ranks"});
  }

  void validate() const;

  /// Samples of one step on all ranks together.
  std::size_t global_batch_size(int world_size) const;
  /// The learning rate that the schedule starts from.
  double base_learning_rate(int world_size) const;

  /// What a result depends on: threads, device, memory, checkpoints and time limits have their
  /// defaults.
  TrainConfig relevant() const;
  /// Hash of relevant().
  std::string hash() const;
  /// Hash of what all ranks must have in common: relevant(), and when they meet.
  std::string rank_hash() const;
};

/// load_config, parse_config, dump_config and describe_config of TrainConfig, made once.
TrainConfig load_train_config(const std::vector<std::string>& files,
                              const std::vector<std::string>& overrides = {});
TrainConfig parse_train_config(const std::string& text, const std::string& source);
std::string dump_train_config(const TrainConfig& config);
std::string describe_train_config();

}  // namespace parlando::train
