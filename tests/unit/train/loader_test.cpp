#include <fstream>
#include <limits>

#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/data/augmentation.h"
#include "common/data/dataset_manifest.h"
#include "common/data/shard_writer.h"
#include "tests/support/scratch_folder.h"
#include "train/data/epoch_loader.h"
#include "train/data/memory_limit.h"
#include "train/data/sampler.h"
#include "train/run/prepared_data.h"

namespace parlando::train {
namespace {

constexpr std::size_t kRows = 6, kFrames = 10;
constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max();

/// 40 clips of 4 to 15 frames in 4 shards; every second one has a variant of normalised features,
/// every fifth one with frames of its own.
class SmallFeatures {
 public:
  SmallFeatures() {
    data::DatasetManifest manifest;
    manifest.classes = {"a", "b", "c"};
    for (std::size_t row = 0; row < kRows; ++row) {
      manifest.row_names.push_back("row_" + std::to_string(row));
    }
    for (int shard = 0; shard < 4; ++shard) {
      data::ShardWriter writer(kRows);
      for (int i = 10 * shard; i < 10 * (shard + 1); ++i) add(writer, i, manifest.split);
      manifest.shards.push_back(writer.write(folder_ / data::shard_file_name(shards_++)));
    }
    data::write_manifest(folder_.path(), manifest);
    split = manifest.split;
    config.input.frames = kFrames;
    config.batch_size = 7;
  }

  std::filesystem::path shard(std::size_t index) const {
    return folder_ / data::shard_file_name(index);
  }
  const std::filesystem::path& folder() const { return folder_.path(); }

  data::Split split;
  TrainConfig config;

 private:
  static void add(data::ShardWriter& writer, int i, data::Split& split) {
    data::DatasetRow row;
    row.clip = row.source = "clip" + std::to_string(i);
    row.emotion = i % 3;
    row.frames = 4 + i * 7 % 12;
    writer.add(row, values(row.frames, i));
    (i % 8 == 7 ? split.validation : split.train).push_back(row.clip);
    if (i % 2 == 0) {
      data::Augmentation augmentation;
      augmentation.features.push_back(
          {.op = "noise", .seed = static_cast<std::uint64_t>(i), .std = 0.1});
      const bool changed = i % 5 == 0;
      if (changed) augmentation.waveform.push_back({{"op", "gain"}, {"decibels", 3}});
      row.clip += "+1";
      row.augmentation = data::augmentation_to_text(augmentation);
      if (!changed) row.frames = 0;
      writer.add(row, values(row.frames, 100 + i));
    }
  }

  static std::vector<float> values(std::int64_t frames, int seed) {
    std::vector<float> result;
    for (std::size_t i = 0; i < static_cast<std::size_t>(frames) * kRows; ++i) {
      result.push_back(static_cast<float>((seed * 31 + static_cast<int>(i) * 17) % 101) / 7.0F);
    }
    return result;
  }

  test::ScratchFolder folder_;
  std::size_t shards_ = 0;
};

PreparedData prepare(const data::Dataset& dataset, const SmallFeatures& small,
                     std::int64_t memory_bytes) {
  return prepare_data(dataset, small.split, small.config, memory_bytes,
                      *dist::make_single_communicator());
}

BatchBuilder builder_of(const SampleSet& samples, int rank = 0, int world_size = 1) {
  return {samples, {.augment = {}, .seed = 1, .parts = 1, .rank = rank, .world_size = world_size}};
}

/// Every batch of an epoch as one rank sees it.
std::vector<StepBatch> batches_of(const SampleSet& samples, const TrainConfig& config, int rank = 0,
                                  int world_size = 1, std::size_t first_step = 0) {
  const BatchBuilder builder = builder_of(samples, rank, world_size);
  EpochLoader loader(builder, epoch_order(samples.size(), config.seed, 1), 1,
                     static_cast<std::size_t>(config.batch_size), first_step, config.input);
  std::vector<StepBatch> batches;
  while (!loader.done()) batches.push_back(loader.next());
  return batches;
}

void expect_same(const std::vector<StepBatch>& a, const std::vector<StepBatch>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_TRUE(at::equal(a[i].parts[0].data.features, b[i].parts[0].data.features))
        << "batch " << i;
    EXPECT_TRUE(at::equal(a[i].parts[0].data.labels, b[i].parts[0].data.labels)) << "batch " << i;
    EXPECT_TRUE(at::equal(a[i].parts[0].data.lengths, b[i].parts[0].data.lengths)) << "batch " << i;
    EXPECT_EQ(a[i].parts[0].positions, b[i].parts[0].positions) << "batch " << i;
  }
}

TEST(ClipFeatures, GiveTheSameBatchesForAnyMemoryLimit) {
  SmallFeatures small;
  const data::Dataset dataset(small.folder());
  const PreparedData whole = prepare(dataset, small, kUnlimited);
  const std::vector<StepBatch> expected = batches_of(*whole.train, small.config);
  EXPECT_EQ(whole.train->kept(), whole.train->readable());
  for (const std::int64_t limit : {std::int64_t{0}, std::int64_t{2000}}) {
    const PreparedData part = prepare(dataset, small, limit);
    EXPECT_EQ(part.normalization.mean, whole.normalization.mean);
    EXPECT_EQ(part.normalization.deviation, whole.normalization.deviation);
    for (int epoch = 0; epoch < 2; ++epoch) {
      expect_same(batches_of(*part.train, small.config), expected);
    }
    EXPECT_LE(part.budget->taken(), limit);
    EXPECT_LT(part.train->kept(), part.train->readable());
    EXPECT_EQ(part.train->kept() == 0, limit == 0);
  }
}

TEST(ClipFeatures, AreReadFromTheirShardWhenTheyAreNotKept) {
  SmallFeatures small;
  const data::Dataset dataset(small.folder());
  const PreparedData part = prepare(dataset, small, 0);
  {
    std::fstream file(small.shard(2), std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(0, std::ios::end);
    const auto size = static_cast<std::size_t>(file.tellg());
    // Every chunk of features lies somewhere in the file: change all of it. (Not by inverting every
    // bit: the checksum of that is the inverted checksum.)
    std::string bytes(size, '\0');
    file.seekg(0);
    file.read(bytes.data(), static_cast<std::streamsize>(size));
    for (char& byte : bytes) byte = static_cast<char>(byte ^ 0x55);
    file.seekp(0);
    file.write(bytes.data(), static_cast<std::streamsize>(size));
  }
  try {
    batches_of(*part.train, small.config);
    FAIL() << "a damaged shard must end the epoch";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::artefact);
    EXPECT_NE(std::string(error.what()).find(small.shard(2).string()), std::string::npos)
        << error.what();
  }
}

TEST(ClipFeatures, RefuseValuesThatAreNoNumbersAndNameTheClip) {
  SmallFeatures small;
  data::DatasetManifest manifest = data::read_manifest(small.folder());
  data::ShardWriter writer(kRows);
  data::DatasetRow row;
  row.clip = row.source = "broken";
  row.frames = 4;
  std::vector<float> values(4 * kRows, 1.0F);
  values.back() = std::numeric_limits<float>::quiet_NaN();
  writer.add(row, values);
  manifest.shards.push_back(writer.write(small.folder() / data::shard_file_name(4)));
  data::write_manifest(small.folder(), manifest);
  small.split.train.push_back("broken");

  const data::Dataset dataset(small.folder());
  try {
    prepare(dataset, small, kUnlimited);
    FAIL() << "NaN must not reach the normalisation";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::artefact);
    EXPECT_NE(std::string(error.what()).find("clip broken: "), std::string::npos) << error.what();
  }
}

TEST(EpochLoader, GivesTheSameBatchesForAnyNumberOfThreads) {
  SmallFeatures small;
  const data::Dataset dataset(small.folder());
  const PreparedData data = prepare(dataset, small, 2000);
  const std::vector<StepBatch> expected = batches_of(*data.train, small.config);
  small.config.input.prefetch = 5;
  small.config.input.loader_threads = 4;
  expect_same(batches_of(*data.train, small.config), expected);
}

TEST(EpochLoader, DividesEveryBatchAmongTheRanks) {
  SmallFeatures small;
  const data::Dataset dataset(small.folder());
  const PreparedData data = prepare(dataset, small, kUnlimited);
  const std::vector<StepBatch> whole = batches_of(*data.train, small.config);
  const std::size_t samples = data.train->size();
  ASSERT_NE(samples % 7, 0u) << "the last batch is to be a smaller one";
  for (const int world : {2, 3, 9}) {
    std::vector<std::vector<StepBatch>> ranks;
    for (int rank = 0; rank < world; ++rank) {
      ranks.push_back(batches_of(*data.train, small.config, rank, world));
      ASSERT_EQ(ranks.back().size(), whole.size());
    }
    for (std::size_t step = 0; step < whole.size(); ++step) {
      std::vector<at::Tensor> parts;
      for (const auto& batches : ranks) {
        EXPECT_EQ(batches[step].global_size, whole[step].global_size);
        EXPECT_EQ(batches[step].first_position, static_cast<std::int64_t>(7 * step));
        const BatchPart& part = batches[step].parts[0];
        if (part.has_samples) parts.push_back(part.data.features);
      }
      EXPECT_TRUE(at::equal(at::cat(parts), whole[step].parts[0].data.features))
          << world << " ranks, step " << step;
    }
  }
}

TEST(EpochLoader, GoesOnAtAnyStep) {
  SmallFeatures small;
  const data::Dataset dataset(small.folder());
  const PreparedData data = prepare(dataset, small, kUnlimited);
  std::vector<StepBatch> expected = batches_of(*data.train, small.config);
  const std::vector<StepBatch> rest = batches_of(*data.train, small.config, 0, 1, 3);
  expected.erase(expected.begin(), expected.begin() + 3);
  expect_same(rest, expected);
}

TEST(EpochLoader, StopsInTheMiddleOfAnEpoch) {
  SmallFeatures small;
  const data::Dataset dataset(small.folder());
  const PreparedData data = prepare(dataset, small, 0);
  small.config.input.loader_threads = 2;
  const BatchBuilder builder = builder_of(*data.train);
  EpochLoader loader(builder, epoch_order(data.train->size(), 1, 0), 0, 7, 0, small.config.input);
  loader.next();
}

TEST(MemoryLimit, IsAShareOfTheMachineOrBytesOfEachRank) {
  EXPECT_EQ(memory_limit("50%", 1000, 1), 500);
  EXPECT_EQ(memory_limit("50 %", 1000, 2), 250);
  EXPECT_EQ(memory_limit("2GiB", 1000, 4), std::int64_t{2} << 30);
  EXPECT_EQ(memory_limit("1.5 MB", 1000, 4), 1'500'000);
  EXPECT_EQ(memory_limit("0", 1000, 1), 0);
  for (const char* wrong : {"", "much", "101%", "-1", "5 parsecs", "nan", "1e30TiB"}) {
    EXPECT_THROW(memory_limit(wrong, 1000, 1), Error) << wrong;
  }
}

}  // namespace
}  // namespace parlando::train
