#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "common/core/error.h"
#include "train/data/normalization.h"
#include "train/data/sample_set.h"
#include "train/data/sampler.h"
#include "train/run/device.h"
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

TEST(Normalization, FitsEachPixelWithThePopulationDeviation) {
  const Normalization fitted = fit_normalization(two_clips(), "per-pixel", 1e-8);
  EXPECT_FLOAT_EQ(fitted.mean[0], 2);
  EXPECT_FLOAT_EQ(fitted.deviation[0], 1);
  EXPECT_FLOAT_EQ(fitted.mean[2], 5);
  EXPECT_FLOAT_EQ(fitted.deviation[2], 2);
  EXPECT_FLOAT_EQ(fitted.mean[4], 5) << "padding of the second clip must not count";
  EXPECT_FLOAT_EQ(fitted.deviation[4], 0);
}

TEST(Normalization, FitsEachRowOverAllFrames) {
  const Normalization fitted = fit_normalization(two_clips(), "per-row", 0);
  const double mean = (1 + 3 + 5 + 3 + 7) / 5.0;
  EXPECT_FLOAT_EQ(fitted.mean[0], static_cast<float>(mean));
  EXPECT_FLOAT_EQ(fitted.mean[4], static_cast<float>(mean));
}

TEST(Normalization, LeavesPaddingZero) {
  ClipFeatures features = two_clips();
  features.normalize(fit_normalization(features, "per-row", 0));
  std::array<float, 6> second{};
  features.read(1, second);
  EXPECT_EQ(second[4], 0);
  EXPECT_EQ(second[5], 0);
  EXPECT_NE(second[0], 3);
}

TEST(Normalization, RefusesAnEmptySide) {
  EXPECT_THROW(fit_normalization(no_clips(), "per-pixel", 0), Error);
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

TEST(TrainConfig, HashLeavesOutWhatResultsDoNotDependOn) {
  TrainConfig config;
  const std::string hash = config.hash();
  config.threads = 3;
  config.distributed.timeout_seconds = 5;
  EXPECT_EQ(config.hash(), hash);
  config.seed = 43;
  EXPECT_NE(config.hash(), hash);
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
