#include "train/data/step_batch.h"

#include <numeric>

#include <gtest/gtest.h>

#include "train/data/batch_hash.h"

namespace parlando::train {
namespace {

constexpr std::size_t kClips = 11, kFrames = 6, kRows = 4;

/// Clips with labels 0, 1, 2 ..., the last frame of every third one padding.
SampleSet clips() {
  std::vector<ClipInfo> infos;
  std::vector<float> values(kClips * kFrames * kRows);
  std::iota(values.begin(), values.end(), 1.0F);
  for (std::size_t i = 0; i < kClips; ++i) {
    const std::size_t valid = i % 3 == 0 ? kFrames - 1 : kFrames;
    infos.push_back({.dataset_row = i, .label = static_cast<int>(i), .valid_frames = valid});
    for (std::size_t k = valid * kRows; k < kFrames * kRows; ++k)
      values[i * kFrames * kRows + k] = 0;
  }
  return {{std::move(infos), kFrames, kRows, values}, {{}, kFrames, kRows, {}}, {}};
}

AugmentConfig everything() {
  AugmentConfig config;
  config.time_shift.probability = 0.5;
  config.noise.probability = 0.5;
  config.time_mask.probability = 0.5;
  config.frequency_mask = {.probability = 0.5, .masks = 1, .fraction = 0.5};
  config.mixup.probability = 1;
  return config;
}

const std::vector<std::size_t> kBatch{3, 0, 7, 10, 5, 1, 2, 9, 0};

StepBatch build(const SampleSet& samples, BatchBuilder::Options options) {
  return BatchBuilder(samples, options).build(kBatch, /*epoch=*/4, /*first_position=*/18);
}

TEST(BatchBuilder, GivesASampleTheSameValuesOnAnyRankAndInAnyPart) {
  const SampleSet samples = clips();
  const StepBatch whole = build(samples, {.augment = everything(), .seed = 5});
  ASSERT_EQ(whole.parts.size(), 1u);
  const BatchPart& all = whole.parts[0];
  ASSERT_LT(all.share, 1);
  for (const int ranks : {1, 2, 4}) {
    for (const int parts : {1, 3, 20}) {
      std::vector<int> seen(kBatch.size(), 0);
      for (int rank = 0; rank < ranks; ++rank) {
        const StepBatch step = build(samples, {.augment = everything(),
                                               .seed = 5,
                                               .parts = parts,
                                               .rank = rank,
                                               .world_size = ranks});
        EXPECT_EQ(step.parts.size(), parts == 20 ? kBatch.size() : static_cast<std::size_t>(parts))
            << "as many parts on every rank, none of them empty";
        EXPECT_EQ(step.global_size, kBatch.size());
        for (const BatchPart& part : step.parts) {
          for (std::size_t i = 0; part.has_samples && i < part.positions.size(); ++i) {
            const std::int64_t place = part.positions[i] - 18;
            const auto row = static_cast<std::int64_t>(i);
            ++seen[static_cast<std::size_t>(place)];
            EXPECT_TRUE(at::equal(part.data.features[row], all.data.features[place]));
            EXPECT_TRUE(at::equal(part.data.labels[row], all.data.labels[place]));
            EXPECT_TRUE(at::equal(part.second_labels[row], all.second_labels[place]));
            EXPECT_TRUE(at::equal(part.data.lengths[row], all.data.lengths[place]));
            EXPECT_EQ(part.share, all.share);
          }
        }
      }
      EXPECT_EQ(seen, std::vector<int>(kBatch.size(), 1)) << "each sample once";
    }
  }
}

TEST(HashOfSamples, IsThatOfTheGlobalBatchHoweverItIsDivided) {
  const SampleSet samples = clips();
  const std::int64_t whole = hash_of_samples(build(samples, {.augment = everything(), .seed = 5}));
  for (const int ranks : {2, 3, 20}) {  // 20: ranks without a sample
    std::int64_t sum = 0;
    for (int rank = 0; rank < ranks; ++rank) {
      sum += hash_of_samples(build(
          samples,
          {.augment = everything(), .seed = 5, .parts = 2, .rank = rank, .world_size = ranks}));
    }
    EXPECT_EQ(sum, whole) << ranks;
  }
}

TEST(HashOfSamples, TellsAnotherOrderSampleOrDraw) {
  const SampleSet samples = clips();
  const auto hash = [&](const std::vector<std::size_t>& batch, std::uint64_t seed,
                        std::int64_t epoch) {
    const BatchBuilder builder(samples, {.augment = everything(), .seed = seed});
    return hash_of_samples(builder.build(batch, epoch, 18));
  };
  const std::int64_t whole = hash(kBatch, 5, 4);
  EXPECT_EQ(hash(kBatch, 5, 4), whole);
  std::vector<std::size_t> swapped = kBatch, other = kBatch;
  std::swap(swapped[0], swapped[1]);
  other[2] = 4;
  EXPECT_NE(hash(swapped, 5, 4), whole);
  EXPECT_NE(hash(other, 5, 4), whole);
  EXPECT_NE(hash(kBatch, 6, 4), whole) << "augmentation of another seed";
  EXPECT_NE(hash(kBatch, 5, 3), whole) << "augmentation of another epoch";
}

TEST(BatchBuilder, MixesASampleWithAnotherOfItsBatch) {
  const SampleSet samples = clips();
  AugmentConfig config;
  config.mixup.probability = 1;
  const BatchPart part = build(samples, {.augment = config, .seed = 5}).parts[0];
  const SampleSet::Batch plain = samples.batch(kBatch);
  for (std::int64_t i = 0; i < part.data.features.size(0); ++i) {
    const auto partner = static_cast<std::size_t>(part.second_labels[i].item<std::int64_t>());
    const SampleSet::Batch other = samples.batch(std::array{partner});
    const at::Tensor expected =
        plain.features[i] * part.share + other.features[0] * (1 - part.share);
    EXPECT_TRUE(at::allclose(part.data.features[i], expected, 1e-6, 1e-5)) << i;
  }
  EXPECT_TRUE(at::equal(std::get<0>(part.second_labels.sort()), std::get<0>(plain.labels.sort())));
}

TEST(BatchBuilder, LeavesPaddingZeroAndTheStoredSamplesAlone) {
  const SampleSet samples = clips();
  const at::Tensor before = samples.batch(kBatch).features;
  AugmentConfig config = everything();
  config.mixup.probability = 0;
  config.noise.probability = 1;
  const BatchPart part = build(samples, {.augment = config, .seed = 5}).parts[0];
  EXPECT_FALSE(part.second_labels.defined());
  for (std::int64_t i = 0; i < part.data.features.size(0); ++i) {
    const std::int64_t valid = part.data.lengths[i].item<std::int64_t>();
    EXPECT_EQ(part.data.features[i].narrow(0, valid, kFrames - valid).count_nonzero().item<int>(),
              0);
    EXPECT_FALSE(at::equal(part.data.features[i], before[i]));
  }
  EXPECT_TRUE(at::equal(samples.batch(kBatch).features, before));
}

TEST(BatchBuilder, GivesCopiesOfASampleDrawsOfTheirOwn) {
  const SampleSet samples = clips();
  AugmentConfig config;
  config.noise.probability = 1;
  const BatchPart part = build(samples, {.augment = config, .seed = 5}).parts[0];
  EXPECT_EQ(kBatch[1], kBatch[8]);
  EXPECT_FALSE(at::equal(part.data.features[1], part.data.features[8]));
}

}  // namespace
}  // namespace parlando::train
