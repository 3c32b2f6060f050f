#include "preprocess/pipeline/preprocess_job.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/data/dataset.h"
#include "common/data/dataset_manifest.h"
#include "common/data/scan.h"
#include "common/data/split.h"
#include "common/io/json.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/wav_file.h"
#include "tests/unit/preprocess/pipeline/sample_job.h"

namespace parlando::preprocess {
namespace {

using testing::HasSubstr;

TEST(Preprocess, BytesDoNotDependOnTheNumberOfThreads) {
  const test::ScratchFolder folder;
  for (const std::string length : {"waveform.duration=3", "waveform.duration=0"}) {
    std::map<std::string, std::string> reference;
    for (const int threads : {1, 2, 7}) {
      PreprocessJob job = test::sample_job(folder / (length + std::to_string(threads)));
      job.config = test::sample_config({length, "waveform.fix_length=0"});
      job.threads = threads;
      run_preprocess(job);
      const auto bytes = test::shard_bytes(job.out);
      if (threads == 1) reference = bytes;
      EXPECT_GT(bytes.size(), 3U);
      EXPECT_EQ(bytes == reference, true) << length << ", " << threads << " threads";
    }
  }
}

TEST(Preprocess, AFinishedJobDoesNothing) {
  const test::ScratchFolder folder;
  const PreprocessJob job = test::sample_job(folder / "dataset");
  const PreprocessSummary first = run_preprocess(job);
  EXPECT_FALSE(first.up_to_date);
  const auto written = std::filesystem::last_write_time(job.out / "shard-00000.h5");
  const PreprocessSummary second = run_preprocess(job);
  EXPECT_TRUE(second.up_to_date);
  EXPECT_EQ(second.dataset_id, first.dataset_id);
  EXPECT_EQ(second.rows, first.rows);
  EXPECT_EQ(std::filesystem::last_write_time(job.out / "shard-00000.h5"), written);
}

TEST(Preprocess, OneChangedClipRemakesItsShardAlone) {
  const test::ScratchFolder folder;
  test::copy_sample_corpus(folder / "corpus");
  PreprocessJob job = test::sample_job(folder / "dataset");
  job.corpus = folder / "corpus";
  const PreprocessSummary first = run_preprocess(job);
  const auto before = test::shard_bytes(job.out);

  test::write_wav(test::first_clip(job.corpus), 30000);
  const PreprocessSummary second = run_preprocess(job);
  EXPECT_FALSE(second.up_to_date);
  EXPECT_NE(second.dataset_id, first.dataset_id);
  EXPECT_EQ(second.shards_kept, first.shards - 1);
  const auto after = test::shard_bytes(job.out);
  std::size_t changed = 0;
  for (const auto& [file, bytes] : after) changed += bytes != before.at(file) ? 1 : 0;
  EXPECT_EQ(changed, 1U);
  EXPECT_NO_THROW(data::Dataset{job.out});
}

TEST(Preprocess, AChangedKeyRemakesTheDataset) {
  const test::ScratchFolder folder;
  PreprocessJob job = test::sample_job(folder / "dataset");
  const PreprocessSummary first = run_preprocess(job);
  job.config = test::sample_config({"waveform.duration=2", "shard_bytes=2000000"});
  const PreprocessSummary second = run_preprocess(job);
  EXPECT_NE(second.dataset_id, first.dataset_id);
  EXPECT_EQ(second.shards_kept, 0U);
  EXPECT_LT(second.shards, first.shards);
  EXPECT_EQ(test::shard_bytes(job.out).size(), second.shards) << "old shards are removed";
  const data::Dataset dataset(job.out);
  EXPECT_THAT(dataset.manifest().recipe, HasSubstr("duration: 2"));
}

TEST(Preprocess, AnotherSplitMovesTheVariants) {
  const test::ScratchFolder folder;
  PreprocessJob job = test::sample_job(folder / "dataset");
  run_preprocess(job);
  job.config = test::sample_config({"split.seed=7"});
  run_preprocess(job);
  const data::Dataset dataset(job.out);
  const auto& train = dataset.manifest().split.train;
  for (const data::DatasetRow& row : dataset.rows()) {
    if (row.augmentation.empty()) continue;
    EXPECT_NE(std::find(train.begin(), train.end(), row.source), train.end()) << row.clip;
  }
}

TEST(Preprocess, DamagedAndMissingShardsAreMadeAnew) {
  const test::ScratchFolder folder;
  const PreprocessJob job = test::sample_job(folder / "dataset");
  const PreprocessSummary first = run_preprocess(job);
  const auto before = test::shard_bytes(job.out);
  test::flip_bit(job.out / "shard-00001.h5");
  std::filesystem::remove(job.out / "shard-00003.h5");
  const PreprocessSummary second = run_preprocess(job);
  EXPECT_FALSE(second.up_to_date);
  EXPECT_EQ(second.shards_kept, first.shards - 2);
  EXPECT_EQ(test::shard_bytes(job.out) == before, true);
}

TEST(Preprocess, AShardOfAnotherPartThatIsGoneCountsAsMissing) {
  const test::ScratchFolder folder;
  PreprocessJob job = test::sample_job(folder / "dataset");
  job.worker = {0, 2};
  run_preprocess(job);
  std::filesystem::remove(job.out / "shard-00000.h5");
  job.worker = {1, 2};
  EXPECT_EQ(run_preprocess(job).missing_shards, 1U);
  EXPECT_FALSE(std::filesystem::exists(job.out / data::kManifestFile));
  job.worker = {0, 2};
  EXPECT_EQ(run_preprocess(job).missing_shards, 0U);
  EXPECT_NO_THROW(data::Dataset{job.out});
}

TEST(Preprocess, ACorpusManifestGivesTheSameDatasetAsItsFolder) {
  const test::ScratchFolder folder;
  const PreprocessSummary from_folder = run_preprocess(test::sample_job(folder / "a"));
  data::write_corpus(folder / "corpus.jsonl", data::scan_corpus(test::sample_corpus()));
  PreprocessJob job = test::sample_job(folder / "b");
  job.corpus = folder / "corpus.jsonl";
  EXPECT_EQ(run_preprocess(job).dataset_id, from_folder.dataset_id);
  EXPECT_EQ(test::shard_bytes(folder / "a") == test::shard_bytes(folder / "b"), true);
}

TEST(Preprocess, ATrainingClipThatSoundsLikeATestClipIsOnNoSide) {
  const test::ScratchFolder folder;
  test::copy_sample_corpus(folder / "corpus");
  PreprocessJob job = test::sample_job(folder / "dataset");
  job.corpus = folder / "corpus";
  const data::Corpus before = data::scan_corpus(job.corpus);
  const data::Split drawn = data::make_split(before, job.config.split);
  const auto path_of = [&](const std::string& id) {
    return before.root / std::ranges::find(before.clips, id, &data::Clip::id)->path;
  };
  std::filesystem::copy_file(path_of(drawn.test[0]), path_of(drawn.train[0]),
                             std::filesystem::copy_options::overwrite_existing);
  run_preprocess(job);

  const data::DatasetManifest manifest = data::read_manifest(job.out);
  ASSERT_EQ(manifest.split.dropped.size(), 1U);
  EXPECT_EQ(manifest.split.dropped[0].id, drawn.train[0]);
  EXPECT_THAT(manifest.split.train, testing::Not(testing::Contains(drawn.train[0])));
  EXPECT_EQ(manifest.split.hash(),
            data::make_split(data::scan_corpus(job.corpus), job.config.split).hash());
  EXPECT_TRUE(run_preprocess(job).up_to_date);
}

TEST(Preprocess, TakesTheSidesOfASplitFile) {
  const test::ScratchFolder folder;
  const data::Corpus corpus = data::scan_corpus(test::sample_corpus());
  data::SplitConfig config = test::sample_config().split;
  config.seed = 99;
  const data::Split split = data::make_split(corpus, config);
  write_json(folder / "split.json", data::split_to_json(split));
  PreprocessJob job = test::sample_job(folder / "dataset");
  job.split_file = folder / "split.json";
  run_preprocess(job);
  EXPECT_EQ(data::read_manifest(job.out).split.hash(), split.hash());
}

TEST(Preprocess, ALeakingSplitFileIsRefused) {
  const test::ScratchFolder folder;
  const data::Corpus corpus = data::scan_corpus(test::sample_corpus());
  data::Split split = data::make_split(corpus, test::sample_config().split);
  split.test.push_back(split.train.front());
  write_json(folder / "split.json", data::split_to_json(split));
  PreprocessJob job = test::sample_job(folder / "dataset");
  job.split_file = folder / "split.json";
  const std::string error = test::error_of([&] { run_preprocess(job); });
  EXPECT_THAT(error, testing::StartsWith("3 "));
  EXPECT_THAT(error, HasSubstr(split.train.front()));
}

}  // namespace
}  // namespace parlando::preprocess
