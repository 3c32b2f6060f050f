#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "common/core/error.h"
#include "common/data/scan.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/wav_file.h"
#include "tests/unit/data/audio_file.h"

namespace parlando::data {
namespace {

using test::tone;
using test::write_audio;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;

const std::string kBad = "03-01-05-01-01-01-02";

auto defect(const std::string& path, const std::string& reason) {
  return AllOf(Field(&Defect::path, path), Field(&Defect::reason, HasSubstr(reason)));
}

/// A folder with one good clip, so that the defect is all that is wrong.
class ScanDefects : public testing::Test {
 protected:
  ScanDefects() { write_audio(folder_ / "03-01-02-01-01-01-01.wav", tone(200)); }

  void expect_defect(const std::string& path, const std::string& reason) const {
    const Corpus corpus = scan_corpus(folder_.path(), {.progress = false});
    EXPECT_EQ(corpus.clips.size(), 1U);
    EXPECT_THAT(corpus.defects, ElementsAre(defect(path, reason)));
  }

  test::ScratchFolder folder_;
};

TEST_F(ScanDefects, ATruncatedWav) {
  test::write_wav(folder_ / (kBad + ".wav"), 16000, 8000);
  expect_defect(kBad + ".wav", "truncated");
}

TEST_F(ScanDefects, ATruncatedFlac) {
  const std::filesystem::path path = folder_ / (kBad + ".flac");
  write_audio(path, tone(200, 160000));
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  const Corpus corpus = scan_corpus(folder_.path(), {.progress = false});
  ASSERT_EQ(corpus.defects.size(), 1U);
  EXPECT_EQ(corpus.defects[0].path, kBad + ".flac");
}

TEST_F(ScanDefects, ASampleThatIsNoNumber) {
  std::vector<float> samples = tone(200);
  samples[17] = std::nanf("");
  write_audio(folder_ / (kBad + ".wav"), samples);
  expect_defect(kBad + ".wav", "sample 17");
}

TEST_F(ScanDefects, AnEmptyFile) {
  test::write_text(folder_ / (kBad + ".wav"), "");
  expect_defect(kBad + ".wav", "empty");
}

TEST_F(ScanDefects, AClipWithoutSamples) {
  write_audio(folder_ / (kBad + ".wav"), {});
  expect_defect(kBad + ".wav", "no samples");
}

TEST_F(ScanDefects, AFileThatIsNoAudio) {
  test::write_text(folder_ / (kBad + ".flac"), "<html>404 Not Found</html>");
  expect_defect(kBad + ".flac", "not readable as audio");
}

TEST_F(ScanDefects, AForeignName) {
  write_audio(folder_ / "deep/holiday.wav", tone(200));
  expect_defect("deep/holiday.wav", "MM-CC-EE-II-SS-RR-AA");
}

TEST_F(ScanDefects, TheSameClipInTwoFiles) {
  write_audio(folder_ / "copy/03-01-02-01-01-01-01.flac", tone(200));
  const Corpus corpus = scan_corpus(folder_.path(), {.progress = false});
  EXPECT_THAT(corpus.defects, ElementsAre(defect("copy/03-01-02-01-01-01-01.flac",
                                                 "03-01-02-01-01-01-01.wav holds already")));
}

TEST_F(ScanDefects, ABrokenLink) {
  std::filesystem::create_symlink("nowhere", folder_ / (kBad + ".wav"));
  expect_defect(kBad + ".wav", "can't be read");
}

TEST_F(ScanDefects, APipeIsNotWaitedFor) {
  ASSERT_EQ(::mkfifo((folder_ / (kBad + ".wav")).c_str(), 0600), 0);
  expect_defect(kBad + ".wav", "not a regular file");
}

TEST_F(ScanDefects, APathThatIsNoUtf8) {
  write_audio(folder_ / ("\xe9t\xe9/" + kBad + ".wav"), tone(200));
  expect_defect("\xe9t\xe9/" + kBad + ".wav", "UTF-8");
}

TEST_F(ScanDefects, SilenceIsAWarningOnly) {
  write_audio(folder_ / (kBad + ".wav"), std::vector<float>(1600, 0.0F));
  const Corpus corpus = scan_corpus(folder_.path(), {.progress = false});
  EXPECT_TRUE(corpus.defects.empty());
  EXPECT_THAT(corpus_warnings(corpus), ElementsAre("silence, every sample is 0: " + kBad));
}

TEST_F(ScanDefects, AreRefusedBeyondTheNumberAllowed) {
  write_audio(folder_ / "holiday.wav", tone(200));
  const Corpus corpus = scan_corpus(folder_.path(), {.progress = false});
  EXPECT_NO_THROW(refuse_defects(corpus, 1));
  try {
    refuse_defects(corpus, 0);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), 3);
    EXPECT_THAT(error.what(), HasSubstr("holiday.wav"));
  }
}

}  // namespace
}  // namespace parlando::data
