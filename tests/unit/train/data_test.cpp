#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/data/oversample.h"
#include "train/data/normalization.h"
#include "train/data/sample_set.h"
#include "train/data/sampler.h"
#include "train/run/device.h"
#include "train/run/prepared_data.h"
#include "train/run/train_config.h"

namespace parlando::train {
namespace {

TEST(EpochOrder, IsAPermutationOfSeedAndEpoch) {
  const std::vector<std::size_t> order = epoch_order(101, 5, 2);
  EXPECT_EQ(std::set<std::size_t>(order.begin(), order.end()).size(), 101u);
  EXPECT_EQ(*std::ranges::max_element(order), 100u);
  EXPECT_EQ(order, epoch_order(101, 5, 2));
  EXPECT_NE(order, epoch_order(101, 5, 3));
  EXPECT_NE(order, epoch_order(101, 6, 2));
}

std::vector<std::size_t> counts_of(const std::vector<std::size_t>& samples,
                                   const std::vector<int>& labels) {
  std::vector<std::size_t> counts(3, 0);
  for (const std::size_t sample : samples) ++counts[static_cast<std::size_t>(labels[sample])];
  return counts;
}

TEST(EpochSampler, RepeatsSmallClassesOnceOrAnewEachEpoch) {
  const std::vector<int> labels{0, 0, 0, 0, 0, 1, 1, 2};
  const EpochSampler plain(labels, {.oversample = "none"}, 5);
  EXPECT_EQ(plain.size(), 8u);
  EXPECT_EQ(plain.order(2), epoch_order(8, 5, 2));
  for (const char* kind : {"once", "each-epoch"}) {
    const EpochSampler sampler(labels, {.oversample = kind}, 5);
    ASSERT_EQ(sampler.size(), 15u);
    EXPECT_EQ(sampler.class_counts(3), (std::vector<std::size_t>{5, 5, 5}));
    std::vector<std::size_t> first = sampler.order(0), second = sampler.order(1);
    EXPECT_NE(first, second);
    EXPECT_EQ(first, EpochSampler(labels, {.oversample = kind}, 5).order(0));
    for (const std::vector<std::size_t>& order : {first, second}) {
      EXPECT_EQ(counts_of(order, labels), (std::vector<std::size_t>{5, 5, 5}));
      EXPECT_EQ(std::set<std::size_t>(order.begin(), order.end()).size(), 8u)
          << "every sample is there";
    }
    std::ranges::sort(first);
    std::ranges::sort(second);
    EXPECT_EQ(first == second, std::string(kind) == "once");
  }
}

TEST(EpochSampler, OversamplesAsImbalancedLearnWithTheSeed) {
  std::vector<int> labels(20, 0);
  labels.insert(labels.end(), {1, 1, 1, 2});
  data::NumpyRandomState random(42);
  std::vector<std::size_t> expected = data::random_oversample(labels, random);
  std::vector<std::size_t> order = EpochSampler(labels, {.oversample = "once"}, 42).order(3);
  std::ranges::sort(expected);
  std::ranges::sort(order);
  EXPECT_EQ(order, expected);
  EXPECT_EQ(EpochSampler(labels, {.oversample = "once"}, std::uint64_t{1} << 32).size(), 60u);
}

TEST(TrainConfig, ScalesTheRateWithTheRanksWhenTheBatchIsGivenPerRank) {
  TrainConfig config;
  EXPECT_EQ(config.global_batch_size(4), 32u);
  EXPECT_EQ(config.base_learning_rate(4), config.optimizer.learning_rate);
  config.batch_size_per_rank = 16;
  EXPECT_EQ(config.global_batch_size(6), 96u);
  EXPECT_DOUBLE_EQ(config.base_learning_rate(6), 3 * config.optimizer.learning_rate);
}

TEST(ShareOf, CoversEverySampleOnceForAnyWorldSize) {
  for (const std::size_t count : {0u, 1u, 2u, 7u, 32u}) {
    for (const int world : {1, 2, 3, 4, 5}) {
      std::size_t next = 0;
      for (int rank = 0; rank < world; ++rank) {
        const Share share = share_of(count, rank, world);
        EXPECT_EQ(share.begin, next);
        EXPECT_LE(share.size(), count / static_cast<std::size_t>(world) + 1);
        next = share.end;
      }
      EXPECT_EQ(next, count);
    }
  }
}

/// Two clips of 3 frames x 2 rows; the second has one frame of padding.
ClipFeatures two_clips() {
  return {{{.dataset_row = 0, .label = 1, .valid_frames = 3},
           {.dataset_row = 1, .label = 0, .valid_frames = 2}},
          3,
          2,
          std::array{1.0F, 2.0F, 3.0F, 4.0F, 5.0F, 6.0F, 3.0F, 6.0F, 7.0F, 4.0F, 0.0F, 0.0F}};
}

ClipFeatures no_clips() {
  return {{}, 3, 2, {}};
}

Normalization fit(const ClipFeatures& features, const std::string& kind, double epsilon) {
  return fit_normalization(features, kind, epsilon, *dist::make_single_communicator());
}

TEST(Normalization, FitsEachPixelWithThePopulationDeviation) {
  const Normalization fitted = fit(two_clips(), "per-pixel", 1e-8);
  EXPECT_FLOAT_EQ(fitted.mean[0], 2);
  EXPECT_FLOAT_EQ(fitted.deviation[0], 1);
  EXPECT_FLOAT_EQ(fitted.mean[2], 5);
  EXPECT_FLOAT_EQ(fitted.deviation[2], 2);
  EXPECT_FLOAT_EQ(fitted.mean[4], 5) << "padding of the second clip must not count";
  EXPECT_FLOAT_EQ(fitted.deviation[4], 0);
}

TEST(Normalization, FitsEachRowOverAllFrames) {
  const Normalization fitted = fit(two_clips(), "per-row", 0);
  const double mean = (1 + 3 + 5 + 3 + 7) / 5.0;
  EXPECT_FLOAT_EQ(fitted.mean[0], static_cast<float>(mean));
  EXPECT_FLOAT_EQ(fitted.mean[4], static_cast<float>(mean));
}

TEST(Normalization, LeavesPaddingZero) {
  ClipFeatures features = two_clips();
  features.normalize(fit(features, "per-row", 0));
  std::array<float, 6> second{};
  features.read(1, second);
  EXPECT_EQ(second[4], 0);
  EXPECT_EQ(second[5], 0);
  EXPECT_NE(second[0], 3);
}

TEST(Normalization, RefusesAnEmptySide) {
  EXPECT_THROW(fit(no_clips(), "per-pixel", 0), Error);
}

data::RowOperation time_mask(std::int64_t start, std::int64_t frames) {
  data::RowOperation operation;
  operation.op = "time_mask";
  operation.start = start;
  operation.frames = frames;
  return operation;
}

TEST(SampleSet, MakesVariantsFromTheirSources) {
  data::RowOperation noise;
  noise.op = "noise";
  noise.seed = 9;
  noise.std = 0.5;
  const SampleSet set(two_clips(), no_clips(),
                      {{.clip = 0, .changed = {}, .operations = {time_mask(1, 1)}},
                       {.clip = 1, .changed = {}, .operations = {noise}}});
  ASSERT_EQ(set.size(), 4u);
  EXPECT_EQ(set.class_counts(2), (std::vector<std::size_t>{2, 2}));
  const std::vector<std::size_t> samples{2, 3, 0};
  const SampleSet::Batch batch = set.batch(samples);
  EXPECT_EQ(batch.labels[0].item<std::int64_t>(), 1);
  EXPECT_EQ(batch.labels[1].item<std::int64_t>(), 0);
  EXPECT_EQ(batch.features[0][0][0].item<float>(), 1);
  EXPECT_EQ(batch.features[0][1][0].item<float>(), 0) << "the masked frame";
  EXPECT_NE(batch.features[1][0][0].item<float>(), 3) << "noise";
  EXPECT_EQ(batch.features[1][2][0].item<float>(), 0) << "noise must leave padding alone";
  EXPECT_TRUE(at::equal(batch.features, set.batch(samples).features))
      << "variants are deterministic";
}

TEST(SampleSet, TakesAVariantsOwnFeaturesWhereItHasThem) {
  ClipFeatures changed({{.dataset_row = 2, .label = 0, .valid_frames = 3}}, 3, 2,
                       std::array{10.0F, 20.0F, 30.0F, 40.0F, 50.0F, 60.0F});
  const SampleSet set(
      two_clips(), std::move(changed),
      {{.clip = 1, .changed = 0, .operations = {}},
       {.clip = 1, .changed = 0, .operations = {time_mask(0, 1), time_mask(2, 1)}}});
  const std::vector<std::size_t> samples{2, 3};
  const SampleSet::Batch batch = set.batch(samples);
  EXPECT_EQ(batch.labels[0].item<std::int64_t>(), 0);
  EXPECT_EQ(batch.features[0][0][0].item<float>(), 10);
  EXPECT_EQ(batch.features[0][2][1].item<float>(), 60);
  EXPECT_EQ(batch.features[1][0][0].item<float>(), 0);
  EXPECT_EQ(batch.features[1][1][1].item<float>(), 40);
  EXPECT_EQ(batch.features[1][2][1].item<float>(), 0);
}

TEST(ClassWeights, CountSamplesBeforeOrAfterOversampling) {
  std::vector<ClipInfo> infos;
  for (const std::int64_t label : {0, 0, 0, 1}) {
    infos.push_back({.dataset_row = infos.size(), .label = label, .valid_frames = 1});
  }
  const SampleSet set({std::move(infos), 1, 1, std::array{1.0F, 2.0F, 3.0F, 4.0F}}, {{}, 1, 1, {}},
                      {});
  TrainConfig config;
  config.sampling.oversample = "each-epoch";
  const std::vector<std::string> classes{"calm", "angry"};
  const auto expect = [&](double calm, double angry) {
    const at::Tensor weights = class_weights(config, set, classes);
    EXPECT_DOUBLE_EQ(weights[0].item<double>(), calm);
    EXPECT_DOUBLE_EQ(weights[1].item<double>(), angry);
  };
  expect(4.0 / 6, 4.0 / 2);
  config.loss.class_counts = "sampled";
  expect(1, 1);
  config.loss.class_weight_factors = {{"angry", 1.5}};
  expect(1, 1.5);
  config.loss.class_weights = "none";
  expect(1, 1.5);
  config.loss.class_weight_factors = {{"bored", 2}};
  EXPECT_THROW(class_weights(config, set, classes), Error);
}

TEST(TrainConfig, HashLeavesOutWhatResultsDoNotDependOn) {
  TrainConfig config;
  const std::string hash = config.hash();
  config.threads = 3;
  config.distributed.timeout_seconds = 5;
  EXPECT_EQ(config.hash(), hash);
  config.seed = 43;
  EXPECT_NE(config.hash(), hash);
}

TEST(TrainConfig, RanksMustAgreeOnWhenTheyMeetAndMayDifferInTheRest) {
  TrainConfig config;
  const std::string hash = config.rank_hash();
  config.threads = 3;
  config.input.memory = "1GiB";
  EXPECT_EQ(config.rank_hash(), hash);
  TrainConfig logging = config, checking = config, saving = config, sharded = config;
  logging.log_steps = true;
  checking.distributed.check_every = 7;
  saving.checkpoint.every_steps = 7;
  sharded.distributed.micro_shards = 2;
  for (const TrainConfig& other : {logging, checking, saving, sharded})
    EXPECT_NE(other.rank_hash(), hash);
}

TEST(TrainSplitConfig, LaysGivenKeysOverTheDatasets) {
  TrainSplitConfig split;
  EXPECT_FALSE(split.over({}).has_value());
  split.seed = 3;
  const auto laid = split.over({.scheme = "stratified", .by = "emotion", .seed = 1});
  ASSERT_TRUE(laid.has_value());
  EXPECT_EQ(laid->seed, 3u);
  EXPECT_EQ(laid->by, "emotion");
  split.scheme = "nonsense";
  EXPECT_THROW(split.over({}), Error);
}

TEST(ThreadsPerRank, TakesTheConfiguredNumberOrAShareOfTheCores) {
  EXPECT_EQ(threads_per_rank(3, {}), 3);
  EXPECT_GE(threads_per_rank(0, {.rank = 0, .world_size = 64, .local_rank = 0, .local_size = 64}),
            1);
}

}  // namespace
}  // namespace parlando::train
