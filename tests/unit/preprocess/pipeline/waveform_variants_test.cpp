#include <algorithm>
#include <filesystem>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/audio/augment/waveform_augmenter.h"
#include "common/audio/decode.h"
#include "common/audio/feature_extractor.h"
#include "common/core/error.h"
#include "common/data/augmentation.h"
#include "common/data/dataset.h"
#include "preprocess/pipeline/sounds.h"
#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/wav_file.h"
#include "tests/unit/preprocess/pipeline/sample_job.h"

namespace parlando::preprocess {
namespace {

using testing::HasSubstr;

/// Waveforms of their own length, changed in every way that needs no folder.
const std::vector<std::string> kAugmented{
    "waveform.fix_length=0", "shard_bytes=1200000",
    "variants={copies: 2, choose: each, within_frames: 128, operations: ["
    "{op: speed, probability: 0.7, factor: [0.8, 1.25]},"
    "{op: time_stretch, probability: 0.3, factor: [0.8, 1.25]},"
    "{op: pitch_shift, probability: 0.3},"
    "{op: rir, probability: 0.3, rt60: [0.1, 0.3]},"
    "{op: waveform_noise, probability: 0.5},"
    "{op: waveform_noise, color: pink, probability: 0.3},"
    "{op: time_shift, probability: 0.3},"
    "{op: waveform_mask, probability: 0.3},"
    "{op: gain, probability: 0.3},"
    "{op: telephone, probability: 0.3},"
    "{op: time_mask, probability: 0.5, masks: 2},"
    "{op: freq_mask, probability: 0.5}]}"};

/// Makes a dataset of the sample corpus.
void make(const std::filesystem::path& out, const std::vector<std::string>& overrides,
          int threads = 2) {
  PreprocessJob job = test::sample_job(out);
  job.config = test::sample_config(overrides);
  job.threads = threads;
  run_preprocess(job);
}

/// One of kAugmented, made once.
const std::filesystem::path& augmented_dataset() {
  static const test::ScratchFolder folder;
  static const std::filesystem::path out = [] {
    make(folder / "data", kAugmented);
    return folder / "data";
  }();
  return out;
}

class WaveformVariantsTest : public testing::Test {
 protected:
  std::filesystem::path sounds() const {
    std::filesystem::create_directory(folder_ / "sounds");
    std::filesystem::copy_file(test::first_clip(test::sample_corpus()), folder_ / "sounds/a.wav");
    test::flip_bit(folder_ / "sounds/a.wav");  // no clip of the corpus any more
    return folder_ / "sounds";
  }

  std::vector<std::string> noise_from(const std::filesystem::path& sounds) const {
    return {"variants={copies: 1, operations: [{op: waveform_noise, color: folder, folder: '" +
            sounds.string() + "'}]}"};
  }

  test::ScratchFolder folder_;
};

TEST_F(WaveformVariantsTest, AreTheSameForAnyNumberOfThreads) {
  make(folder_ / "seven", kAugmented, 7);
  const auto seven = test::shard_bytes(folder_ / "seven");
  EXPECT_GT(seven.size(), 2U);
  EXPECT_EQ(seven, test::shard_bytes(augmented_dataset()));
}

TEST_F(WaveformVariantsTest, BelongToTrainingClipsAlone) {
  const data::Dataset dataset(augmented_dataset());
  const data::Split& split = dataset.manifest().split;
  const std::set<std::string> train(split.train.begin(), split.train.end());
  ASSERT_LT(train.size(), dataset.corpus().clips.size());
  std::size_t variants = 0;
  for (const data::DatasetRow& row : dataset.rows()) {
    EXPECT_EQ(row.augmentation.empty(), row.clip == row.source);
    if (row.augmentation.empty()) continue;
    ++variants;
    EXPECT_TRUE(train.contains(row.source)) << row.clip;
  }
  EXPECT_EQ(variants, 2 * train.size());
}

TEST_F(WaveformVariantsTest, HaveFramesOfTheirOwnWhereTheWaveformChanged) {
  const data::Dataset dataset(augmented_dataset());
  std::set<std::string> operations;
  for (const data::DatasetRow& row : dataset.rows()) {
    if (row.augmentation.empty()) continue;
    const auto augmentation = data::augmentation_from_text(row.augmentation);
    EXPECT_EQ(augmentation.waveform.empty(), row.frames == 0) << row.augmentation;
    for (const Json& operation : augmentation.waveform) operations.insert(operation["op"]);
    for (const auto& operation : augmentation.features) operations.insert(operation.op);
  }
  EXPECT_EQ(operations.size(), 11U) << "every operation is drawn somewhere";
}

TEST_F(WaveformVariantsTest, AreMadeAgainFromTheirRecordedParameters) {
  const data::Dataset dataset(augmented_dataset());
  const data::Corpus corpus = dataset.corpus();
  const audio::FeatureRecipe recipe = test::sample_config(kAugmented).recipe;
  audio::FeatureExtractor extractor(recipe);
  audio::SoundCache sounds(recipe.waveform.sample_rate);
  audio::WaveformAugmenter augmenter(recipe.waveform.sample_rate, sounds);
  constexpr std::size_t kStep = 4;  // enough, and quick
  std::size_t made = 0;
  for (std::size_t i = 0; i < dataset.size(); i += kStep) {
    const data::DatasetRow& row = dataset.rows()[i];
    if (row.augmentation.empty() || row.frames == 0) continue;
    ++made;
    const auto clip = std::ranges::find(corpus.clips, row.source, &data::Clip::id);
    std::vector<float> waveform = extractor.waveform(
        audio::decode_audio(corpus.root / clip->path, extractor.seconds_needed()));
    for (const Json& operation : data::augmentation_from_text(row.augmentation).waveform) {
      augmenter.apply(operation, waveform);
    }
    std::vector<float> stored(static_cast<std::size_t>(row.frames) * dataset.feature_rows());
    dataset.read(i, stored);
    ASSERT_EQ(extractor.extract_waveform(waveform, row.source).values, stored) << row.augmentation;
  }
  EXPECT_GT(made, 10U);
}

TEST_F(WaveformVariantsTest, ArePlannedForInTheSizeOfShards) {
  const data::Dataset dataset(augmented_dataset());
  for (const data::ShardEntry& shard : dataset.manifest().shards) {
    EXPECT_LE(shard.frames * static_cast<std::int64_t>(dataset.feature_rows() * sizeof(float)),
              1200000)
        << shard.file;
  }
}

TEST_F(WaveformVariantsTest, ChangeWithTheSoundsOfTheirFolder) {
  const std::filesystem::path folder = sounds();
  PreprocessJob job = test::sample_job(folder_ / "data");
  job.config = test::sample_config(noise_from(folder));
  const std::string first = run_preprocess(job).dataset_id;
  const auto before = test::shard_bytes(job.out);
  EXPECT_TRUE(run_preprocess(job).up_to_date);
  std::filesystem::copy_file(folder / "a.wav", folder / "b.wav");
  const PreprocessSummary second = run_preprocess(job);
  EXPECT_NE(second.dataset_id, first);
  EXPECT_EQ(second.shards_kept, 0U);
  EXPECT_NE(test::shard_bytes(job.out), before);
}

TEST_F(WaveformVariantsTest, SoundsThatCannotBeUsedEndTheRunWithTheirName) {
  const std::filesystem::path folder = sounds();
  const auto run = [&](const std::vector<std::string>& overrides) {
    return test::error_of([&] { make(folder_ / "data", overrides); });
  };
  EXPECT_THAT(run(noise_from(folder_ / "absent")),
              testing::AllOf(testing::StartsWith("2 "), HasSubstr("absent")));
  test::write_text(folder / "a.wav", "not a sound");
  EXPECT_THAT(run(noise_from(folder)),
              testing::AllOf(testing::StartsWith("2 "), HasSubstr("sounds/a.wav")));
}

TEST_F(WaveformVariantsTest, SoundsAreListedInTheManifestWithTheHashOfTheirAudio) {
  const std::filesystem::path folder = sounds();
  make(folder_ / "data", noise_from(folder));
  const data::Dataset dataset(folder_ / "data");
  ASSERT_EQ(dataset.manifest().sounds.size(), 1U);
  EXPECT_EQ(dataset.manifest().sounds[0].path, (folder / "a.wav").string());
  EXPECT_EQ(dataset.manifest().sounds[0].audio_hash,
            audio::audio_hash(audio::decode_audio(folder / "a.wav")));
}

TEST_F(WaveformVariantsTest, AHeldOutClipInAnotherContainerIsRefusedAsASound) {
  make(folder_ / "plain", {});
  const data::Dataset plain(folder_ / "plain");
  const data::Corpus corpus = plain.corpus();
  const std::string held_out = plain.manifest().split.test.front();
  const auto clip = std::ranges::find(corpus.clips, held_out, &data::Clip::id);
  std::filesystem::create_directory(folder_ / "sounds");
  const std::filesystem::path copy = folder_ / "sounds/noise.wav";
  const audio::DecodedAudio audio = audio::decode_audio(corpus.root / clip->path);
  test::write_float_wav(copy, audio.interleaved, static_cast<std::uint32_t>(audio.sample_rate));
  ASSERT_NE(test::read_text(copy), test::read_text(corpus.root / clip->path));
  const std::string error =
      test::error_of([&] { make(folder_ / "data", noise_from(folder_ / "sounds")); });
  EXPECT_THAT(error, testing::StartsWith("3 "));
  EXPECT_THAT(error, HasSubstr(copy.string() + " ~ " + held_out));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "data/manifest.json"));
}

TEST_F(WaveformVariantsTest, SoundsAreDecodedOnceAsLongAsTheyDoNotChange) {
  const std::filesystem::path folder = sounds();
  const VariantsConfig config = test::sample_config(noise_from(folder)).variants;
  HashCache first(folder_ / "hashes.json");
  const std::string hash = read_sounds(config, first).at(0).audio_hash;
  first.save();
  // A file of equal size and time is taken for the same: its content is not looked at.
  const auto time = std::filesystem::last_write_time(folder / "a.wav");
  test::flip_bit(folder / "a.wav");
  std::filesystem::last_write_time(folder / "a.wav", time);
  HashCache second(folder_ / "hashes.json");
  EXPECT_EQ(read_sounds(config, second).at(0).audio_hash, hash);
  std::filesystem::last_write_time(folder / "a.wav", time + std::chrono::seconds(1));
  HashCache third(folder_ / "hashes.json");
  EXPECT_NE(read_sounds(config, third).at(0).audio_hash, hash);
}

TEST_F(WaveformVariantsTest, SoundsThatAreHeldOutClipsAreRefused) {
  const std::string error =
      test::error_of([&] { make(folder_ / "data", noise_from(test::sample_corpus())); });
  EXPECT_THAT(error, testing::StartsWith("3 "));
  EXPECT_THAT(error, HasSubstr("not on the training side"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "data/manifest.json"));
}

}  // namespace
}  // namespace parlando::preprocess
