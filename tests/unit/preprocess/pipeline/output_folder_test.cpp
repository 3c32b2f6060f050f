#include "preprocess/pipeline/output_folder.h"

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "common/core/error.h"
#include "common/data/dataset.h"
#include "common/io/atomic_file.h"
#include "common/io/file_lock.h"
#include "preprocess/pipeline/dry_run.h"
#include "preprocess/pipeline/preprocess_job.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/preprocess/pipeline/sample_job.h"

namespace parlando::preprocess {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string error_of(const PreprocessJob& job) {
  return test::error_of([&] { run_preprocess(job); });
}

TEST(OutputFolder, WithOtherFilesIsRefusedAndLeftAlone) {
  const test::ScratchFolder folder;
  test::write_text(folder / "thesis.tex", "x");
  const std::string error = error_of(test::sample_job(folder.path()));
  EXPECT_THAT(error, StartsWith("4 " + folder.path().string()));
  EXPECT_THAT(error, HasSubstr("thesis.tex"));
  EXPECT_FALSE(std::filesystem::exists(folder / ".lock"));
}

TEST(OutputFolder, WithADatasetOfAnotherRecipeIsRefused) {
  const test::ScratchFolder folder;
  PreprocessJob job = test::sample_job(folder / "dataset");
  run_preprocess(job);
  job.config.name = "other";
  EXPECT_THAT(error_of(job), HasSubstr("holds a dataset of the recipe 'mel128', not 'other'"));
  EXPECT_NO_THROW(data::Dataset{job.out}) << "the dataset is left as it was";
}

TEST(OutputFolder, InUseByAnotherProcessIsRefused) {
  const test::ScratchFolder folder;
  const FolderLock lock(folder / "dataset");
  EXPECT_THAT(error_of(test::sample_job(folder / "dataset")), HasSubstr("another process"));
}

TEST(OutputFolder, IsNotMadeForACorpusThatDoesNotExist) {
  const test::ScratchFolder folder;
  PreprocessJob job = test::sample_job(folder / "dataset");
  job.corpus = folder / "absent";
  EXPECT_THAT(error_of(job), StartsWith("2 --corpus"));
  EXPECT_FALSE(std::filesystem::exists(job.out));
}

TEST(OutputFolder, WithADamagedManifestIsMended) {
  const test::ScratchFolder folder;
  const PreprocessJob job = test::sample_job(folder / "dataset");
  run_preprocess(job);
  const auto before = test::shard_bytes(job.out);
  const std::string manifest = test::read_text(job.out / "manifest.json");
  std::filesystem::resize_file(job.out / "manifest.json", 100);
  EXPECT_THAT(test::error_of([&] { data::Dataset{job.out}; }),
              HasSubstr("run 'parlando preprocess' again"));
  run_preprocess(job);
  EXPECT_EQ(test::read_text(job.out / "manifest.json"), manifest);
  EXPECT_EQ(test::shard_bytes(job.out) == before, true);
}

TEST(OutputFolder, KeepsTheTemporaryFilesOfOtherWorkersThatLive) {
  const test::ScratchFolder folder;
  const std::string own = temporary_name(folder / "shard-00000.h5").string();
  const std::string host = own.substr(0, own.rfind('-') + 1);
  const std::string dead = host + "999999999";  // above any process id of Linux
  const std::string living = host + std::to_string(getppid());
  const std::string elsewhere = (folder / "shard-00001.h5.tmp-other-host-1").string();
  const std::string old = (folder / "shard-00002.h5.tmp-other-host-1").string();
  for (const std::string& file : {dead, living, elsewhere, old}) test::write_text(file, "half");
  std::filesystem::last_write_time(
      old, std::filesystem::file_time_type::clock::now() - std::chrono::hours(7));
  remove_leftovers(folder.path(), {}, {.index = 0, .count = 2});
  EXPECT_FALSE(std::filesystem::exists(dead));
  EXPECT_FALSE(std::filesystem::exists(old));
  EXPECT_TRUE(std::filesystem::exists(living));
  EXPECT_TRUE(std::filesystem::exists(elsewhere));
}

TEST(OutputFolder, LosesTheTemporaryFilesOfKilledRuns) {
  const test::ScratchFolder folder;
  const PreprocessJob job = test::sample_job(folder / "dataset");
  test::write_text(job.out / "shard-00000.h5.tmp-host-1", "half a shard");
  run_preprocess(job);
  EXPECT_FALSE(std::filesystem::exists(job.out / "shard-00000.h5.tmp-host-1"));
}

TEST(OutputFolder, ADryRunSaysWhatIsThereAndWhatIsMissing) {
  const test::ScratchFolder folder;
  PreprocessJob job = test::sample_job(folder / "dataset");
  const std::size_t shards = run_preprocess(job).shards;
  DryRun plan = plan_preprocess(job);
  EXPECT_EQ(plan.kept, shards);
  EXPECT_EQ(plan.to_do, 0U);
  std::filesystem::remove(job.out / "shard-00001.h5");
  plan = plan_preprocess(job);
  EXPECT_EQ(plan.kept, shards - 1);
  EXPECT_EQ(plan.to_do, 1U);
  job.config.name = "other";
  EXPECT_THAT(test::error_of([&] { plan_preprocess(job); }),
              HasSubstr("holds a dataset of the recipe 'mel128', not 'other'"));
}

}  // namespace
}  // namespace parlando::preprocess
