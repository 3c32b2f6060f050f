#include "preprocess/pipeline/shard_pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/data/scan.h"
#include "common/data/shard_reader.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/preprocess/pipeline/sample_job.h"

namespace parlando::preprocess {
namespace {

/// A small corpus of its own, and what the pipeline told about it.
class ShardPipelineTest : public testing::Test {
 protected:
  ShardPipelineTest() {
    test::copy_sample_corpus(folder_ / "corpus");
    data::ScanOptions options;
    options.progress = false;
    corpus_ = data::scan_corpus(folder_ / "corpus", options);
    HashCache hashes("");
    plan_ = plan_shards(corpus_, data::make_split(corpus_, config_.split), config_,
                        audio::FeatureExtractor(config_.recipe), {}, hashes);
    events_.stop_requested = [] { return false; };
    events_.on_clip = [this](const data::Clip&) { ++clips_; };
    events_.on_shard = [this](FinishedShard shard) { shards_.push_back(std::move(shard)); };
  }

  bool run(const std::vector<std::size_t>& shards) {
    return run_shard_pipeline({corpus_, config_, plan_, folder_.path(), 2}, shards, events_);
  }

  test::ScratchFolder folder_;
  PreprocessConfig config_ = test::sample_config();
  data::Corpus corpus_;
  ShardPlan plan_;
  PipelineEvents events_;
  std::size_t clips_ = 0;
  std::vector<FinishedShard> shards_;
};

TEST_F(ShardPipelineTest, WritesTheShardsThatAreAskedForAndNoOthers) {
  EXPECT_TRUE(run({1, 3}));
  ASSERT_EQ(shards_.size(), 2U);
  EXPECT_EQ(shards_[0].entry.file, "shard-00001.h5");
  EXPECT_EQ(shards_[1].entry.file, "shard-00003.h5");
  EXPECT_EQ(shards_[1].entry.key, shard_key(plan_, plan_.shards[3], corpus_));
  EXPECT_EQ(shards_[1].clips.size(), plan_.shards[3].clips.size());
  EXPECT_EQ(test::shard_bytes(folder_.path()).size(), 2U);
  EXPECT_EQ(clips_, plan_.shards[1].clips.size() + plan_.shards[3].clips.size());
}

TEST_F(ShardPipelineTest, LearnsTheAudioOfUnknownClips) {
  const data::Corpus scanned = corpus_;
  for (data::Clip& clip : corpus_.clips) {
    clip.audio_hash.clear();
    clip.peak = 0;
  }
  EXPECT_TRUE(run({1}));
  for (const std::size_t i : plan_.shards[1].clips) {
    EXPECT_EQ(corpus_.clips[i].audio_hash, scanned.clips[i].audio_hash);
    EXPECT_EQ(corpus_.clips[i].peak, scanned.clips[i].peak);
  }
  EXPECT_EQ(corpus_.clips[plan_.shards[2].clips[0]].audio_hash, "");
}

TEST_F(ShardPipelineTest, BytesDoNotDependOnWhetherTheAudioWasKnown) {
  EXPECT_TRUE(run({0, 1}));
  const auto known = test::shard_bytes(folder_.path());
  for (data::Clip& clip : corpus_.clips) clip.audio_hash.clear();
  EXPECT_TRUE(run({0, 1}));
  EXPECT_EQ(test::shard_bytes(folder_.path()) == known, true);
  EXPECT_EQ(shards_[0].entry.key, shards_[2].entry.key);
}

TEST_F(ShardPipelineTest, AClipThatCanNoLongerBeReadIsLeftOutAndNamedWithItsShard) {
  const data::Clip& gone = corpus_.clips[plan_.shards[1].clips[2]];
  std::filesystem::remove(corpus_.root / gone.path);
  EXPECT_TRUE(run({0, 1}));
  EXPECT_TRUE(shards_[0].defects.empty());
  ASSERT_EQ(shards_[1].defects.size(), 1U);
  EXPECT_EQ(shards_[1].defects[0].path, gone.path);
  EXPECT_THAT(shards_[1].defects[0].reason, testing::HasSubstr("no such file"));
  EXPECT_EQ(gone.audio_hash, "");
  const data::ShardReader reader(folder_ / shards_[1].entry.file, shards_[1].entry, 128);
  for (const data::DatasetRow& row : reader.rows()) EXPECT_NE(row.source, gone.id);
}

TEST_F(ShardPipelineTest, AShardOfDefectiveClipsAloneIsNotWritten) {
  for (const std::size_t clip : plan_.shards[0].clips) {
    std::filesystem::remove(corpus_.root / corpus_.clips[clip].path);
  }
  EXPECT_TRUE(run({0, 1}));
  ASSERT_EQ(shards_.size(), 2U);
  EXPECT_EQ(shards_[0].defects.size(), plan_.shards[0].clips.size());
  EXPECT_EQ(shards_[0].entry.rows, 0);
  EXPECT_FALSE(std::filesystem::exists(folder_ / shards_[0].entry.file));
  EXPECT_EQ(shards_[1].entry.file, "shard-00001.h5");
}

TEST_F(ShardPipelineTest, StopsBetweenClipsAndKeepsWhatIsFinished) {
  const std::size_t enough = plan_.shards[0].clips.size() + 1;
  events_.stop_requested = [&] { return clips_ >= enough; };
  std::vector<std::size_t> all(plan_.shards.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  EXPECT_FALSE(run(all));
  EXPECT_GE(shards_.size(), 1U);
  EXPECT_EQ(test::shard_bytes(folder_.path()).size(), shards_.size());
}

}  // namespace
}  // namespace parlando::preprocess
