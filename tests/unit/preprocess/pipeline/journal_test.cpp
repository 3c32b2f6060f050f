#include "preprocess/pipeline/journal.h"

#include <gtest/gtest.h>

#include "tests/support/scratch_folder.h"

namespace parlando::preprocess {
namespace {

data::ShardEntry shard(const std::string& file) {
  return {file, 3, 30, 300, "checksum", "key"};
}

TEST(Journal, RemembersShardsAcrossProcesses) {
  const test::ScratchFolder folder;
  Journal writer(folder.path());
  EXPECT_EQ(writer.recipe_name(), "");
  writer.restart("mel128", {shard("shard-00000.h5")});
  writer.append(shard("shard-00001.h5"));
  const Journal reader(folder.path());
  EXPECT_EQ(reader.recipe_name(), "mel128");
  ASSERT_EQ(reader.shards().size(), 2U);
  EXPECT_EQ(reader.shards()[1].file, "shard-00001.h5");
  EXPECT_EQ(reader.shards()[1].bytes, 300);
  EXPECT_EQ(reader.shards()[1].key, "key");
}

TEST(Journal, ALineCutOffByACrashIsIgnored) {
  const test::ScratchFolder folder;
  Journal writer(folder.path());
  writer.restart("mel128", {});
  writer.append(shard("shard-00000.h5"));
  writer.append(shard("shard-00001.h5"));
  const std::filesystem::path path = folder / kJournalFile;
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 20);
  const Journal reader(folder.path());
  ASSERT_EQ(reader.shards().size(), 1U);
  EXPECT_EQ(reader.shards()[0].file, "shard-00000.h5");
}

}  // namespace
}  // namespace parlando::preprocess
