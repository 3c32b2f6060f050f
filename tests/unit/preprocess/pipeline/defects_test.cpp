#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/data/dataset.h"
#include "common/data/scan.h"
#include "preprocess/pipeline/preprocess_job.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/wav_file.h"
#include "tests/unit/preprocess/pipeline/sample_job.h"

namespace parlando::preprocess {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

/// A corpus that each test may damage, and the job over it.
class DefectsTest : public testing::Test {
 protected:
  DefectsTest() {
    test::copy_sample_corpus(folder_ / "corpus");
    job_ = test::sample_job(folder_ / "dataset");
    job_.corpus = folder_ / "corpus";
  }

  std::string error() const {
    return test::error_of([&] { run_preprocess(job_); });
  }

  test::ScratchFolder folder_;
  PreprocessJob job_;
};

TEST_F(DefectsTest, ATruncatedClipIsNamedAndTheRestProcessed) {
  const std::filesystem::path clip = test::first_clip(job_.corpus);
  test::write_wav(clip, 48000, 20000);
  testing::internal::CaptureStderr();
  EXPECT_THAT(error(),
              AllOf(StartsWith("3 1 of 96 files are defective"), HasSubstr("--allow-defects 1")));
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr(clip.filename().string()));
  EXPECT_GT(test::shard_bytes(job_.out).size(), 3U) << "what is sound has been processed";
  EXPECT_FALSE(std::filesystem::exists(job_.out / "manifest.json"));

  job_.allowed_defects = 1;
  const PreprocessSummary summary = run_preprocess(job_);
  EXPECT_EQ(summary.clips, 95U);
  EXPECT_EQ(summary.defects.size(), 1U);
  EXPECT_EQ(summary.shards_kept, summary.shards);
  EXPECT_EQ(data::Dataset(job_.out).manifest().defects.size(), 1U);
}

TEST_F(DefectsTest, ARecipeThatNoClipFitsNamesThemAll) {
  job_.config = test::sample_config({"waveform.offset=100"});
  testing::internal::CaptureStderr();
  EXPECT_THAT(error(), StartsWith("3 96 of 96 files are defective"));
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("offset"));
}

TEST_F(DefectsTest, AClipChangedSinceTheScanIsNamed) {
  data::write_corpus(folder_ / "corpus.jsonl", data::scan_corpus(job_.corpus));
  const std::filesystem::path clip = test::first_clip(job_.corpus);
  job_.corpus = folder_ / "corpus.jsonl";
  run_preprocess(job_);
  test::write_wav(clip, 48000);
  testing::internal::CaptureStderr();
  EXPECT_THAT(error(), AllOf(StartsWith("3 "), HasSubstr("run 'parlando scan' again")));
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr(clip.filename().string()));
}

TEST_F(DefectsTest, AClipWhoseHashTheManifestHasWrongIsNamed) {
  data::Corpus corpus = data::scan_corpus(job_.corpus);
  const std::string edited = corpus.clips[5].path;
  corpus.clips[5].audio_hash = corpus.clips[6].audio_hash;
  data::write_corpus(folder_ / "corpus.jsonl", corpus);
  job_.corpus = folder_ / "corpus.jsonl";
  ASSERT_GT(job_.config.recipe.waveform.duration, 0) << "the recipe reads a part of a clip";
  testing::internal::CaptureStderr();
  EXPECT_THAT(error(), StartsWith("3 1 of 96 files are defective"));
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              HasSubstr(edited + ": changed since the scan; scan again"));
  EXPECT_FALSE(std::filesystem::exists(job_.out / "manifest.json"));
}

TEST_F(DefectsTest, AClipChangedUnderTheSameSizeAndTimeIsDecodedAnewFromAFolder) {
  run_preprocess(job_);
  const std::filesystem::path clip = test::first_clip(job_.corpus);
  const auto time = std::filesystem::last_write_time(clip);
  test::flip_bit(clip);
  std::filesystem::last_write_time(clip, time);
  for (const auto& [file, bytes] : test::shard_bytes(job_.out)) {
    std::filesystem::remove(job_.out / file);
  }
  EXPECT_EQ(error(), "");
}

TEST_F(DefectsTest, ATouchedButEqualClipIsNoDefect) {
  data::write_corpus(folder_ / "corpus.jsonl", data::scan_corpus(job_.corpus));
  const std::filesystem::path clip = test::first_clip(job_.corpus);
  std::filesystem::last_write_time(
      clip, std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
  job_.corpus = folder_ / "corpus.jsonl";
  EXPECT_EQ(error(), "");
}

TEST_F(DefectsTest, WhatOnlyDecodingShowsLeavesCorpusAndSplit) {
  const std::filesystem::path clip = test::first_clip(job_.corpus);
  test::write_wav_with_nan(clip);
  job_.allowed_defects = 1;
  const PreprocessSummary summary = run_preprocess(job_);
  ASSERT_EQ(summary.defects.size(), 1U);
  EXPECT_THAT(summary.defects[0].reason, HasSubstr("not a finite number"));
  EXPECT_EQ(summary.clips, 95U);
  const data::Dataset dataset(job_.out);
  EXPECT_EQ(dataset.corpus().clips.size(), 95U);
  EXPECT_EQ(dataset.corpus().defects.size(), 1U);
  EXPECT_EQ(dataset.manifest().split.dropped.at(0).id, clip.stem().string());
  EXPECT_TRUE(run_preprocess(job_).up_to_date);
}

TEST_F(DefectsTest, AnAcceptedDefectStaysAcceptedOnTheNextRun) {
  test::write_wav(test::first_clip(job_.corpus), 48000, 20000);
  job_.allowed_defects = 1;
  run_preprocess(job_);
  EXPECT_TRUE(run_preprocess(job_).up_to_date);
  job_.allowed_defects = 0;
  EXPECT_THAT(error(), StartsWith("3 "));
}

TEST_F(DefectsTest, AMendedClipCompletesTheDataset) {
  const std::filesystem::path clip = test::first_clip(job_.corpus);
  const std::string sound = test::read_text(clip);
  test::write_wav(clip, 48000, 20000);
  EXPECT_THAT(error(), StartsWith("3 "));
  test::write_text(clip, sound);
  EXPECT_EQ(error(), "");
  test::ScratchFolder other;
  run_preprocess(test::sample_job(other / "dataset"));
  EXPECT_EQ(test::shard_bytes(job_.out) == test::shard_bytes(other / "dataset"), true);
}

}  // namespace
}  // namespace parlando::preprocess
