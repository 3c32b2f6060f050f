#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/data/scan.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/data/audio_file.h"

namespace parlando::data {
namespace {

using test::tone;
using test::write_audio;

/// An earlier scan whose audio hashes are replaced by a mark: a clip that still has the mark
/// afterwards was not decoded again.
class ScanCache : public testing::Test {
 protected:
  ScanCache() {
    write_audio(clips_ / "03-01-02-01-01-01-01.wav", tone(200));
    write_audio(clips_ / "03-01-02-01-01-01-02.wav", tone(210));
    earlier_ = scan_corpus(clips_, {.progress = false});
    for (Clip& clip : earlier_.clips) clip.audio_hash = "from the cache";
  }
  Corpus scan_again() const { return scan_corpus(clips_, {.progress = false, .cache = &earlier_}); }

  test::ScratchFolder folder_;
  std::filesystem::path clips_ = folder_ / "clips";
  Corpus earlier_;
};

TEST_F(ScanCache, UnchangedClipsAreNotDecodedAgain) {
  for (const Clip& clip : scan_again().clips) EXPECT_EQ(clip.audio_hash, "from the cache");
}

TEST_F(ScanCache, AChangedClipIsNoticed) {
  write_audio(clips_ / "03-01-02-01-01-01-02.wav", tone(220, 3200));
  const Corpus corpus = scan_again();
  EXPECT_EQ(corpus.clips[0].audio_hash, "from the cache");
  EXPECT_NE(corpus.clips[1].audio_hash, "from the cache");
  EXPECT_EQ(corpus.clips[1].samples, 3200);
}

TEST_F(ScanCache, AChangeOfEqualSizeIsNoticedByItsTime) {
  const std::filesystem::path path = clips_ / "03-01-02-01-01-01-02.wav";
  const auto size = std::filesystem::file_size(path);
  const auto time = std::filesystem::last_write_time(path);
  write_audio(path, tone(220));
  std::filesystem::last_write_time(path, time + std::chrono::nanoseconds(1000));
  ASSERT_EQ(std::filesystem::file_size(path), size);
  EXPECT_NE(scan_again().clips[1].audio_hash, "from the cache");
}

TEST_F(ScanCache, NewAndRemovedClipsAreNoticed) {
  std::filesystem::remove(clips_ / "03-01-02-01-01-01-01.wav");
  write_audio(clips_ / "03-01-02-01-01-01-03.wav", tone(230));
  const Corpus corpus = scan_again();
  ASSERT_EQ(corpus.clips.size(), 2U);
  EXPECT_EQ(corpus.clips[0].audio_hash, "from the cache");
  EXPECT_EQ(corpus.clips[1].id, "03-01-02-01-01-01-03");
  EXPECT_NE(corpus.clips[1].audio_hash, "from the cache");
}

TEST_F(ScanCache, ListingReadsHeadersOnlyAndTakesWhatIsKnown) {
  write_audio(clips_ / "03-01-02-01-01-01-02.wav", tone(220, 3200));
  const Corpus corpus = list_corpus(clips_, {.progress = false, .cache = &earlier_});
  EXPECT_EQ(corpus.clips[0].audio_hash, "from the cache");
  EXPECT_EQ(corpus.clips[1].audio_hash, "");
  EXPECT_EQ(corpus.clips[1].samples, 3200);
  EXPECT_EQ(corpus.clips[1].sample_rate, scan_again().clips[1].sample_rate);
}

TEST_F(ScanCache, AScanOfAnotherFolderIsNotUsed) {
  earlier_.root = folder_ / "elsewhere";
  for (const Clip& clip : scan_again().clips) EXPECT_NE(clip.audio_hash, "from the cache");
}

TEST_F(ScanCache, IsReadFromAManifest) {
  write_corpus(folder_ / "corpus.jsonl", earlier_);
  const Corpus corpus =
      scan_corpus(clips_, {.progress = false, .cache_path = folder_ / "corpus.jsonl"});
  EXPECT_EQ(corpus.clips[0].audio_hash, "from the cache");
}

TEST_F(ScanCache, ADamagedManifestCostsOnlyTheTime) {
  test::write_text(folder_ / "corpus.jsonl", "{\"format\":\"parlando-cor");
  const Corpus corpus =
      scan_corpus(clips_, {.progress = false, .cache_path = folder_ / "corpus.jsonl"});
  EXPECT_EQ(corpus.clips.size(), 2U);
}

TEST_F(ScanCache, LoadOrScanTakesAFolderOrAManifest) {
  write_corpus(folder_ / "corpus.jsonl", earlier_);
  EXPECT_EQ(load_or_scan(folder_ / "corpus.jsonl").clips[0].audio_hash, "from the cache");
  EXPECT_NE(load_or_scan(clips_, {.progress = false}).clips[0].audio_hash, "from the cache");
  EXPECT_THROW(load_or_scan(folder_ / "absent"), Error);
}

}  // namespace
}  // namespace parlando::data
