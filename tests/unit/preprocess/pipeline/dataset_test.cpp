#include "common/data/dataset.h"

#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/audio/feature_extractor.h"
#include "common/core/error.h"
#include "common/data/augmentation.h"
#include "common/data/dataset_manifest.h"
#include "common/data/shard_writer.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/preprocess/pipeline/sample_job.h"

namespace parlando::data {
namespace {

using testing::HasSubstr;

std::vector<float> features_of(const Dataset& dataset, std::size_t row) {
  std::vector<float> values(static_cast<std::size_t>(dataset.rows()[row].frames) *
                            dataset.feature_rows());
  dataset.read(row, values);
  return values;
}

/// A dataset that each test may damage.
class DatasetTest : public testing::Test {
 protected:
  DatasetTest() { preprocess::run_preprocess(test::sample_job(folder_.path())); }

  std::string open_error() const {
    return test::error_of([&] { Dataset{folder_.path()}; });
  }

  test::ScratchFolder folder_;
};

TEST_F(DatasetTest, HoldsWhatTheExtractorComputes) {
  const Dataset dataset(folder_.path());
  const Corpus corpus = dataset.corpus();
  audio::FeatureExtractor extractor(test::sample_config().recipe);
  std::size_t clips = 0;
  for (std::size_t i = 0; i < dataset.size(); ++i) {
    const DatasetRow& row = dataset.rows()[i];
    if (!row.augmentation.empty()) continue;
    const Clip& clip = corpus.clips.at(clips++);
    EXPECT_EQ(row.clip, clip.id);
    EXPECT_EQ(row.source, clip.id);
    EXPECT_EQ(dataset.manifest().classes.at(static_cast<std::size_t>(row.emotion)), clip.label);
    EXPECT_EQ(row.channel, clip.channel);
    EXPECT_EQ(row.sex, clip.sex);
    EXPECT_EQ(row.intensity, clip.intensity);
    EXPECT_EQ(row.statement, clip.statement);
    EXPECT_EQ(row.repetition, clip.repetition);
    EXPECT_EQ(row.actor, clip.speaker);
    EXPECT_EQ(row.audio_hash, clip.audio_hash);
    const audio::FeatureMatrix expected =
        extractor.extract(audio::decode_audio(corpus.root / clip.path, extractor.seconds_needed()));
    EXPECT_EQ(features_of(dataset, i), expected.values) << clip.id;
  }
  EXPECT_EQ(clips, corpus.clips.size());
}

TEST_F(DatasetTest, VariantsStandBehindTheirSourceAndOnlyForTrainingClips) {
  const Dataset dataset(folder_.path());
  const Split& split = dataset.manifest().split;
  const std::set<std::string> training(split.train.begin(), split.train.end());
  std::set<std::string> varied;
  for (std::size_t i = 0; i < dataset.size(); ++i) {
    const DatasetRow& row = dataset.rows()[i];
    if (row.augmentation.empty()) continue;
    EXPECT_EQ(row.frames, 0);
    EXPECT_EQ(row.source, dataset.rows()[i - 1].clip);
    EXPECT_EQ(row.clip, row.source + "+1");
    EXPECT_EQ(row.emotion, dataset.rows()[i - 1].emotion);
    EXPECT_NO_THROW(augmentation_from_text(row.augmentation));
    varied.insert(row.source);
  }
  EXPECT_EQ(varied, training);
  EXPECT_FALSE(split.validation.empty());
  EXPECT_FALSE(split.test.empty());
}

TEST_F(DatasetTest, AFlippedBitIsFoundAndTheShardNamed) {
  test::flip_bit(folder_ / "shard-00001.h5");
  EXPECT_THAT(open_error(), testing::StartsWith("4 "));
  EXPECT_THAT(open_error(), HasSubstr("shard-00001.h5: damaged"));
  EXPECT_THAT(open_error(), HasSubstr("run 'parlando preprocess' again"));
}

TEST_F(DatasetTest, SeveralProcessesShareTheCheckOfTheShards) {
  test::flip_bit(folder_ / "shard-00001.h5");
  EXPECT_NO_THROW(check_shards(folder_.path(), 0, 2));
  EXPECT_THAT(test::error_of([&] { check_shards(folder_.path(), 1, 2); }),
              HasSubstr("shard-00001.h5: damaged"));
  EXPECT_NO_THROW(check_shards(folder_.path(), 999, 1000)) << "more processes than shards";
}

TEST_F(DatasetTest, DamageAfterOpeningIsFoundOnReading) {
  const Dataset dataset(folder_.path());
  test::flip_bit(folder_ / "shard-00000.h5");
  const std::string error = test::error_of([&] {
    for (std::size_t i = 0; i < dataset.size(); ++i) features_of(dataset, i);
  });
  EXPECT_THAT(error, HasSubstr("shard-00000.h5"));
  EXPECT_THAT(error, HasSubstr("run 'parlando preprocess' again"));
}

TEST_F(DatasetTest, ATruncatedOrMissingShardIsNamed) {
  std::filesystem::resize_file(folder_ / "shard-00000.h5", 1000);
  EXPECT_THAT(open_error(), HasSubstr("shard-00000.h5: 1000 bytes long instead of"));
  std::filesystem::remove(folder_ / "shard-00000.h5");
  EXPECT_THAT(open_error(), HasSubstr("shard-00000.h5: No such file"));
}

TEST_F(DatasetTest, AnUnfinishedOrForeignFolderIsRefused) {
  std::filesystem::remove(folder_ / "manifest.json");
  EXPECT_THAT(open_error(), HasSubstr("not a finished dataset"));
  test::write_text(folder_ / "manifest.json", R"({"name": "of something else"})");
  EXPECT_THAT(open_error(), HasSubstr("not the manifest of a dataset"));
  test::write_text(folder_ / "manifest.json", "{\"format\": \"parla");
  EXPECT_THAT(open_error(), HasSubstr("manifest.json"));
}

TEST_F(DatasetTest, AnotherFormatVersionIsRefused) {
  std::string text = test::read_text(folder_ / "manifest.json");
  const std::string key = "\"schema_version\": ";
  text.replace(text.find(key), key.size() + 1, key + "9");
  test::write_text(folder_ / "manifest.json", text);
  EXPECT_THAT(open_error(), HasSubstr("format version 9"));
}

TEST_F(DatasetTest, TheManifestSurvivesWritingAndReading) {
  const DatasetManifest manifest = read_manifest(folder_.path());
  EXPECT_EQ(manifest_to_json(manifest).dump(2) + "\n", test::read_text(folder_ / "manifest.json"));
  EXPECT_TRUE(manifest.synthetic);
  EXPECT_EQ(manifest.row_names.size(), 128U);
  EXPECT_EQ(manifest.classes.size(), 8U);
}

TEST(ShardWriter, KeepsClipsOfUnequalLength) {
  const test::ScratchFolder folder;
  constexpr std::size_t kRows = 3;
  ShardWriter writer(kRows);
  for (const std::int64_t frames : {5, 1, 40}) {
    DatasetRow row;
    row.clip = "clip-" + std::to_string(frames);
    row.frames = frames;
    writer.add(row, std::vector<float>(static_cast<std::size_t>(frames) * kRows,
                                       static_cast<float>(frames)));
  }
  DatasetManifest manifest;
  manifest.classes = {"calm"};
  manifest.row_names = {"a", "b", "c"};
  manifest.shards = {writer.write(folder / "shard-00000.h5")};
  write_manifest(folder.path(), manifest);

  const Dataset dataset(folder.path());
  ASSERT_EQ(dataset.size(), 3U);
  EXPECT_EQ(dataset.rows()[2].frames, 40);
  EXPECT_EQ(features_of(dataset, 0), std::vector<float>(15, 5.0F));
  EXPECT_EQ(features_of(dataset, 1), std::vector<float>(3, 1.0F));
  EXPECT_EQ(features_of(dataset, 2), std::vector<float>(120, 40.0F));
}

}  // namespace
}  // namespace parlando::data
