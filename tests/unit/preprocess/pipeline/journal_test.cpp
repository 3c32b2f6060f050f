#include "preprocess/pipeline/journal.h"

#include <gtest/gtest.h>

#include "tests/support/scratch_folder.h"

namespace parlando::preprocess {
namespace {

FinishedShard shard(const std::string& file) {
  FinishedShard finished;
  finished.entry = {file, 3, 30, 300, "checksum", "key"};
  finished.clips.resize(1);
  finished.clips[0].id = file + " clip";
  finished.clips[0].audio_hash = "hash";
  finished.defects = {{"a.wav", "no samples"}};
  return finished;
}

TEST(Journal, RemembersShardsAcrossProcesses) {
  const test::ScratchFolder folder;
  Journal writer(folder.path(), {});
  EXPECT_EQ(read_journal(writer.path()).recipe_name, "");
  writer.restart("mel128", "/corpus", {shard("shard-00000.h5")});
  writer.append(shard("shard-00001.h5"));
  const JournalContent content = read_journal(writer.path());
  EXPECT_EQ(content.recipe_name, "mel128");
  EXPECT_EQ(content.root, "/corpus");
  ASSERT_EQ(content.shards.size(), 2U);
  EXPECT_EQ(content.shards[1].entry.file, "shard-00001.h5");
  EXPECT_EQ(content.shards[1].entry.bytes, 300);
  EXPECT_EQ(content.shards[1].entry.key, "key");
  EXPECT_EQ(content.shards[1].clips.at(0).id, "shard-00001.h5 clip");
  EXPECT_EQ(content.shards[1].clips.at(0).audio_hash, "hash");
  EXPECT_EQ(content.shards[1].defects.at(0).reason, "no samples");
}

TEST(Journal, ALineCutOffByACrashIsIgnored) {
  const test::ScratchFolder folder;
  Journal writer(folder.path(), {});
  writer.restart("mel128", "/corpus", {});
  writer.append(shard("shard-00000.h5"));
  writer.append(shard("shard-00001.h5"));
  std::filesystem::resize_file(writer.path(), std::filesystem::file_size(writer.path()) - 20);
  const JournalContent content = read_journal(writer.path());
  ASSERT_EQ(content.shards.size(), 1U);
  EXPECT_EQ(content.shards[0].entry.file, "shard-00000.h5");
}

TEST(Journal, EveryWorkerKeepsItsOwn) {
  const test::ScratchFolder folder;
  const Journal alone(folder.path(), {});
  const Journal second(folder.path(), {1, 4});
  EXPECT_EQ(alone.path().filename(), "partial.jsonl");
  EXPECT_EQ(second.path().filename(), "partial-2of4.jsonl");
  EXPECT_TRUE(is_journal("partial.jsonl"));
  EXPECT_TRUE(is_journal("partial-2of4.jsonl"));
  EXPECT_FALSE(is_journal("corpus.jsonl"));
}

}  // namespace
}  // namespace parlando::preprocess
