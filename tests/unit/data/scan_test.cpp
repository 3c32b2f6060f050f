#include "common/data/scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/data/audio_file.h"

namespace parlando::data {
namespace {

using test::tone;
using test::write_audio;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> ids(const Corpus& corpus) {
  std::vector<std::string> names;
  for (const Clip& clip : corpus.clips) names.push_back(clip.id);
  return names;
}

class Scan : public testing::Test {
 protected:
  Corpus scan() const { return scan_corpus(folder_.path(), {.progress = false}); }
  test::ScratchFolder folder_;
};

TEST_F(Scan, FindsWavAndFlacInAnyFolderInManifestOrder) {
  write_audio(folder_ / "b/03-02-02-01-01-01-01.flac", tone(200));
  write_audio(folder_ / "z/y/x/03-01-02-01-01-01-02.wav", tone(210));
  write_audio(folder_ / "03-01-05-01-01-01-01.WAV", tone(220));
  write_audio(folder_ / "a/03-01-02-01-01-01-01.wav", tone(230));
  const Corpus corpus = scan();
  EXPECT_THAT(ids(corpus), ElementsAre("03-01-02-01-01-01-01", "03-01-05-01-01-01-01",
                                       "03-01-02-01-01-01-02", "03-02-02-01-01-01-01"));
  EXPECT_EQ(corpus.clips[2].path, "z/y/x/03-01-02-01-01-01-02.wav");
  EXPECT_TRUE(corpus.defects.empty());
  EXPECT_EQ(corpus.name, "RAVDESS");
  EXPECT_FALSE(corpus.synthetic);
}

TEST_F(Scan, TellsWhatDecodingGives) {
  write_audio(folder_ / "03-01-02-01-01-01-01.wav", {0.5F, -0.75F, 0.25F, 0.0F}, 2);
  const Clip clip = scan().clips.at(0);
  EXPECT_EQ(clip.sample_rate, 16000);
  EXPECT_EQ(clip.channels, 2);
  EXPECT_EQ(clip.samples, 2);
  EXPECT_EQ(clip.peak, 0.75);
  EXPECT_EQ(clip.file_bytes, static_cast<std::int64_t>(
                                 std::filesystem::file_size(folder_ / "03-01-02-01-01-01-01.wav")));
}

TEST_F(Scan, EqualAudioHasEqualHashesWhateverTheContainer) {
  write_audio(folder_ / "03-01-02-01-01-01-01.wav", tone(300));
  write_audio(folder_ / "03-01-02-01-01-02-01.flac", tone(300));
  write_audio(folder_ / "03-01-02-01-02-01-01.wav", tone(301));
  const Corpus corpus = scan();
  EXPECT_EQ(corpus.clips[0].audio_hash, corpus.clips[1].audio_hash);
  EXPECT_NE(corpus.clips[0].audio_hash, corpus.clips[2].audio_hash);
  EXPECT_THAT(corpus.duplicates(), ElementsAre(ElementsAre(0, 1)));
}

TEST_F(Scan, DoesNotDependOnThreads) {
  for (int i = 10; i < 60; ++i) {
    write_audio(folder_ / ("03-01-02-01-01-01-" + std::to_string(i) + ".wav"), tone(100 + i));
  }
  const Corpus one = scan_corpus(folder_.path(), {.threads = 1, .progress = false});
  const Corpus four = scan_corpus(folder_.path(), {.threads = 4, .progress = false});
  EXPECT_EQ(one.hash(), four.hash());
  EXPECT_EQ(one.clips.size(), 50U);
}

TEST_F(Scan, AMarkerNamesAMadeUpCorpus) {
  write_audio(folder_ / "03-01-02-01-01-01-01.wav", tone(200));
  test::write_text(folder_ / kCorpusMarker,
                   R"({"name": "synthetic", "synthetic": true, "seed": 1})");
  EXPECT_EQ(scan().name, "synthetic");
  EXPECT_TRUE(scan().synthetic);
}

TEST_F(Scan, LinksAreFollowedAndLoopsEnd) {
  write_audio(folder_ / "real/03-01-02-01-01-01-01.wav", tone(200));
  std::filesystem::create_directories(folder_ / "corpus/inner");
  std::filesystem::create_directory_symlink(folder_ / "real", folder_ / "corpus/linked");
  std::filesystem::create_directory_symlink(folder_ / "corpus", folder_ / "corpus/inner/loop");
  const Corpus corpus = scan_corpus(folder_ / "corpus", {.progress = false});
  EXPECT_THAT(ids(corpus), ElementsAre("03-01-02-01-01-01-01"));
  EXPECT_TRUE(corpus.defects.empty());
}

TEST_F(Scan, SkipsHiddenFilesAndOtherEndings) {
  write_audio(folder_ / "03-01-02-01-01-01-01.wav", tone(200));
  test::write_text(folder_ / "._03-01-02-01-01-01-01.wav", "left by another system's archiver");
  test::write_text(folder_ / ".hidden/03-01-02-01-01-01-02.wav", "not looked at");
  test::write_text(folder_ / "README.md", "about the corpus");
  test::write_text(folder_ / "01-01-02-01-01-01-01.mp4", "a video");
  const Corpus corpus = scan();
  EXPECT_EQ(corpus.clips.size(), 1U);
  EXPECT_TRUE(corpus.defects.empty());
}

void expect_error(const std::filesystem::path& root, ErrorKind kind, const std::string& reason) {
  try {
    scan_corpus(root, {.progress = false});
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind);
    EXPECT_THAT(error.what(), HasSubstr(root.string()));
    EXPECT_THAT(error.what(), HasSubstr(reason));
  }
}

TEST_F(Scan, AFolderThatDoesNotExistIsWrongUsage) {
  expect_error(folder_ / "absent", ErrorKind::usage, "no such folder");
}

TEST_F(Scan, AFileIsNoFolder) {
  test::write_text(folder_ / "file", "");
  expect_error(folder_ / "file", ErrorKind::usage, "no such folder");
}

TEST_F(Scan, AnEmptyFolderIsToldWhatWasExpected) {
  expect_error(folder_.path(), ErrorKind::data, "MM-CC-EE-II-SS-RR-AA");
}

TEST_F(Scan, AFolderOfOtherFilesIsToldWhatItHolds) {
  test::write_text(folder_ / "a.mp3", "");
  test::write_text(folder_ / "b.mp3", "");
  test::write_text(folder_ / "c", "");
  expect_error(folder_.path(), ErrorKind::data, "1 without ending, 2 .mp3");
}

TEST_F(Scan, AFolderOfForeignNamesIsToldTheFirst) {
  write_audio(folder_ / "holiday.wav", tone(200));
  expect_error(folder_.path(), ErrorKind::data, "holiday.wav");
}

}  // namespace
}  // namespace parlando::data
