#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fault/preprocess_command.h"
#include "tests/fault/small_disk.h"
#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"

namespace parlando::test {
namespace {

using testing::HasSubstr;

constexpr std::size_t kMebibyte = std::size_t{1} << 20;

class PreprocessDiskTest : public testing::Test {
 protected:
  PreprocessDiskTest() : corpus_(make_corpus(folder_ / "corpus")) {}

  ProcessResult run(const std::filesystem::path& dataset) const {
    return run_process(preprocess_command(corpus_, dataset));
  }

  ScratchFolder folder_;
  std::filesystem::path corpus_;
};

TEST_F(PreprocessDiskTest, AFullDiskIsNamedAndTheRunContinuesWhenThereIsRoom) {
  const std::filesystem::path dataset = folder_ / "dataset";
  SmallDisk disk(dataset, 4 * kMebibyte);
  if (!disk.unavailable().empty()) GTEST_SKIP() << disk.unavailable();
  const ProcessResult full = run(dataset);
  EXPECT_EQ(full.exit_code, 4) << full.err;
  EXPECT_THAT(full.err, HasSubstr(dataset.string() + "/shard-"));
  EXPECT_THAT(full.err, HasSubstr("No space left on device"));
  EXPECT_THAT(full.err, testing::Not(HasSubstr(".tmp-"))) << "the shard is named";
  const int durable = durable_shards(dataset);
  EXPECT_GT(durable, 2) << "what fitted is kept";
  EXPECT_FALSE(std::filesystem::exists(dataset / "manifest.json"));

  ASSERT_TRUE(disk.resize(64 * kMebibyte));
  const ProcessResult continued = run(dataset);
  EXPECT_EQ(continued.exit_code, 0) << continued.err;
  EXPECT_THAT(continued.err, HasSubstr(std::to_string(durable) + " of "));
  ASSERT_EQ(run(folder_ / "whole").exit_code, 0);
  EXPECT_EQ(dataset_files(dataset) == dataset_files(folder_ / "whole"), true);
}

TEST_F(PreprocessDiskTest, AReadOnlyTargetIsNamed) {
  const std::filesystem::path target = folder_ / "target";
  SmallDisk disk(target, kMebibyte);
  if (!disk.unavailable().empty()) GTEST_SKIP() << disk.unavailable();
  ASSERT_TRUE(disk.set_read_only(true));
  const ProcessResult result = run(target / "dataset");
  EXPECT_EQ(result.exit_code, 4) << result.err;
  EXPECT_THAT(result.err, HasSubstr((target / "dataset").string()));
  EXPECT_THAT(result.err, HasSubstr("Read-only file system"));
}

TEST_F(PreprocessDiskTest, AFinishedDatasetMayBeReadOnly) {
  const std::filesystem::path dataset = folder_ / "dataset";
  SmallDisk disk(dataset, 64 * kMebibyte);
  if (!disk.unavailable().empty()) GTEST_SKIP() << disk.unavailable();
  ASSERT_EQ(run(dataset).exit_code, 0);
  ASSERT_TRUE(disk.set_read_only(true));
  const ProcessResult again = run(dataset);
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(again.err, HasSubstr("nothing to do"));
  std::vector<std::string> other = preprocess_command(corpus_, dataset);
  other.push_back("waveform.duration=2");
  const ProcessResult changed = run_process(other);
  EXPECT_EQ(changed.exit_code, 4) << changed.err;
  EXPECT_THAT(changed.err, HasSubstr("Read-only file system"));
  EXPECT_THAT(changed.err, HasSubstr(dataset.string()));
  EXPECT_EQ(run(dataset).exit_code, 0) << "nothing is lost";
}

TEST_F(PreprocessDiskTest, AnUnwritableParentIsNamed) {
  write_text(folder_ / "file", "not a folder");
  const ProcessResult result = run(folder_ / "file" / "dataset");
  EXPECT_EQ(result.exit_code, 4) << result.err;
  EXPECT_THAT(result.err, HasSubstr((folder_ / "file").string()));
}

}  // namespace
}  // namespace parlando::test
