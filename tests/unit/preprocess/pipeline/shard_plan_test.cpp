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
    HashCache hashes("");
    return plan_shards(corpus_, data::make_split(corpus_, config.split), config,
                       audio::FeatureExtractor(config.recipe), {}, hashes);
  }

  std::string key(std::size_t shard, const std::vector<std::string>& overrides = {}) const {
    const ShardPlan result = plan(test::sample_config(overrides));
    return shard_key(result, result.shards.at(shard), corpus_);
  }

  std::string id(const std::vector<std::string>& overrides = {}) const {
    const PreprocessConfig config = test::sample_config(overrides);
    return dataset_id(corpus_, data::make_split(corpus_, config.split), config, plan(config));
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

TEST_F(ShardPlanTest, NeedsNamesAndHeadersOnly) {
  const ShardPlan before = plan(test::sample_config());
  for (data::Clip& clip : corpus_.clips) clip.audio_hash.clear();
  const ShardPlan after = plan(test::sample_config());
  ASSERT_EQ(after.shards.size(), before.shards.size());
  EXPECT_EQ(after.shards[3].clips, before.shards[3].clips);
  EXPECT_EQ(after.trains, before.trains);
}

TEST_F(ShardPlanTest, KeysChangeWithWhatTheBytesDependOn) {
  const std::string first = key(0);
  const std::string second = key(1);
  EXPECT_EQ(key(0), first);
  EXPECT_EQ(key(0, {"name=other"}), first);
  EXPECT_NE(key(0, {"variants.seed=7"}), first);
  EXPECT_NE(key(0, {"waveform.duration=2"}), first);
  corpus_.clips[0].audio_hash = "other";
  EXPECT_NE(key(0), first);
  EXPECT_EQ(key(1), second);
}

TEST_F(ShardPlanTest, TheDatasetIdChangesWithClipsSplitAndConfiguration) {
  const std::string before = id();
  EXPECT_EQ(id(), before);
  EXPECT_NE(id({"split.seed=1"}), before);
  EXPECT_NE(id({"waveform.duration=2"}), before);
  corpus_.clips[0].audio_hash = "other";
  EXPECT_NE(id(), before);
}

}  // namespace
}  // namespace parlando::preprocess
