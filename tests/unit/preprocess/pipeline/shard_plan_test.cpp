#include "preprocess/pipeline/shard_plan.h"

#include <numeric>

#include <gtest/gtest.h>

#include "common/data/scan.h"
#include "tests/unit/preprocess/pipeline/sample_job.h"

namespace parlando::preprocess {
namespace {

class ShardPlanTest : public testing::Test {
 protected:
  ShardPlan plan(const PreprocessConfig& config) const {
    return plan_shards(corpus_, data::make_split(corpus_, config.split), config,
                       audio::FeatureExtractor(config.recipe));
  }

  static data::Corpus scan() {
    data::ScanOptions options;
    options.progress = false;
    return data::scan_corpus(test::sample_corpus(), options);
  }

  data::Corpus corpus_ = scan();
};

TEST_F(ShardPlanTest, PlacesEveryClipOnceInOrder) {
  const ShardPlan result = plan(test::sample_config());
  std::vector<std::size_t> clips;
  for (const PlannedShard& shard : result.shards) {
    clips.insert(clips.end(), shard.clips.begin(), shard.clips.end());
  }
  std::vector<std::size_t> expected(corpus_.clips.size());
  std::iota(expected.begin(), expected.end(), std::size_t{0});
  EXPECT_EQ(clips, expected);
  EXPECT_GT(result.shards.size(), 3U);
  EXPECT_EQ(result.shards[2].file, "shard-00002.h5");
}

TEST_F(ShardPlanTest, AimsAtTheSizeOfTheConfiguration) {
  // A clip of mel128 has 130 frames of 128 float32 = 66560 bytes; nine fit into 600000.
  EXPECT_EQ(plan(test::sample_config()).shards[0].clips.size(), 9U);
  EXPECT_EQ(plan(test::sample_config({"shard_bytes=1"})).shards.size(), corpus_.clips.size());
  EXPECT_EQ(plan(test::sample_config({"shard_bytes=1000000000"})).shards.size(), 1U);
}

TEST_F(ShardPlanTest, KeysChangeWithWhatTheBytesDependOn) {
  const ShardPlan before = plan(test::sample_config());
  EXPECT_EQ(plan(test::sample_config()).shards[0].key, before.shards[0].key);
  EXPECT_EQ(plan(test::sample_config({"name=other"})).shards[0].key, before.shards[0].key);
  EXPECT_NE(plan(test::sample_config({"variants.seed=7"})).shards[0].key, before.shards[0].key);
  EXPECT_NE(plan(test::sample_config({"waveform.duration=2"})).shards[0].key, before.shards[0].key);
  corpus_.clips[0].audio_hash = "other";
  const ShardPlan after = plan(test::sample_config());
  EXPECT_NE(after.shards[0].key, before.shards[0].key);
  EXPECT_EQ(after.shards[1].key, before.shards[1].key);
}

TEST_F(ShardPlanTest, TheDatasetIdChangesWithClipsSplitAndConfiguration) {
  const std::string before = plan(test::sample_config()).dataset_id;
  EXPECT_EQ(plan(test::sample_config()).dataset_id, before);
  EXPECT_NE(plan(test::sample_config({"split.seed=1"})).dataset_id, before);
  EXPECT_NE(plan(test::sample_config({"waveform.duration=2"})).dataset_id, before);
  corpus_.clips[0].audio_hash = "other";
  EXPECT_NE(plan(test::sample_config()).dataset_id, before);
}

}  // namespace
}  // namespace parlando::preprocess
