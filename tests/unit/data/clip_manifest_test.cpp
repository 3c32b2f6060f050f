#include "common/data/clip_manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "common/core/error.h"
#include "common/data/scan.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/data/audio_file.h"

namespace parlando::data {
namespace {

using test::tone;
using test::write_audio;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ClipManifest : public testing::Test {
 protected:
  ClipManifest() {
    write_audio(folder_ / "wav/one.wav", tone(200));
    write_audio(folder_ / "wav/two.flac", tone(210));
  }
  Corpus scan(const std::string& text, const std::string& name = "clips.csv") const {
    test::write_text(folder_ / name, text);
    return scan_corpus(folder_ / name, {.progress = false});
  }
  /// One good record, then `record`, which is refused for `reason`.
  void expect_defect(const std::string& record, const std::string& reason) const {
    const Corpus corpus = scan("path,label,speaker\nwav/one.wav,happy,1\n" + record + "\n");
    EXPECT_EQ(corpus.clips.size(), 1U);
    ASSERT_EQ(corpus.defects.size(), 1U) << record;
    EXPECT_THAT(corpus.defects[0].reason, AllOf(HasSubstr("clips.csv line 3"), HasSubstr(reason)));
  }
  void expect_json_defect(const std::string& record, const std::string& reason) const {
    const Corpus corpus = scan(
        "{\"path\":\"wav/one.wav\",\"label\":\"happy\",\"speaker\":1}\n" + record, "clips.jsonl");
    EXPECT_EQ(corpus.clips.size(), 1U);
    ASSERT_EQ(corpus.defects.size(), 1U) << record;
    EXPECT_THAT(corpus.defects[0].reason, AllOf(HasSubstr("line 2"), HasSubstr(reason)));
  }
  void expect_refused(const std::string& text, const std::string& reason) const {
    try {
      scan(text);
      FAIL() << "accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::data);
      EXPECT_THAT(error.what(), AllOf(HasSubstr("clips.csv"), HasSubstr(reason)));
    }
  }
  test::ScratchFolder folder_;
};

TEST_F(ClipManifest, AFileThatIsNoListIsToldFromADamagedOne) {
  const auto expect_usage = [&](const std::string& name, const std::string& reason) {
    try {
      load_or_list(folder_ / name, {.progress = false});
      FAIL() << name << " accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
      EXPECT_THAT(error.what(), AllOf(HasSubstr(name), HasSubstr(reason)));
    }
  };
  test::write_text(folder_ / "clips.txt", "path,label,speaker\nwav/one.wav,happy,1\n");
  expect_usage("clips.txt", "by its ending");
  expect_usage("wav/one.wav", "an audio file");
  expect_usage("wav/two.flac", "an audio file");
}

TEST_F(ClipManifest, ReadsCsv) {
  const Corpus corpus = scan(
      "path,label,speaker,sex,language,channel,intensity,statement,repetition,mood\r\n"
      "wav/one.wav,happy,ann,F,pl,speech,strong,\"kids, by the door\",2,-\r\n"
      "./wav/../wav/two.flac,\"sad\",bob,male,,,,,,\r\n");
  ASSERT_EQ(corpus.clips.size(), 2U);
  EXPECT_EQ(corpus.name, "clips");
  EXPECT_THAT(corpus.classes, ElementsAre("happy", "sad"));
  const Clip& two = corpus.clips[1].speaker == "bob" ? corpus.clips[1] : corpus.clips[0];
  const Clip& one = corpus.clips[1].speaker == "bob" ? corpus.clips[0] : corpus.clips[1];
  EXPECT_EQ(one.id, "wav/one");
  EXPECT_EQ(one.sex, "female");
  EXPECT_EQ(one.language, "pl");
  EXPECT_EQ(one.statement, "kids, by the door");
  EXPECT_EQ(one.repetition, "2");
  EXPECT_GT(one.samples, 0);
  EXPECT_EQ(two.path, "wav/two.flac");
}

TEST_F(ClipManifest, ReadsJsonLines) {
  const Corpus corpus = scan(
      "{\"path\":\"wav/one.wav\",\"label\":\"happy\",\"speaker\":7,\"id\":\"a\",\"notes\":[1]}\n"
      "\n"
      "{\"path\":\"wav/two.flac\",\"label\":\"sad\",\"speaker\":\"8\",\"sex\":null}",
      "clips.jsonl");
  ASSERT_EQ(corpus.clips.size(), 2U);
  EXPECT_EQ(corpus.clips[0].id, "a");
  EXPECT_EQ(corpus.clips[0].speaker, "7");
  EXPECT_EQ(corpus.clips[1].sex, "");
}

TEST_F(ClipManifest, TakesAbsolutePaths) {
  const Corpus corpus =
      scan("path,label,speaker\n" + (folder_ / "wav/one.wav").string() + ",happy,1\n");
  EXPECT_EQ(corpus.clips.size(), 1U);
}

TEST_F(ClipManifest, TheOrderOfLinesDoesNotMatter) {
  const std::string one = "wav/one.wav,happy,1\n";
  const std::string two = "wav/two.flac,sad,2\n";
  EXPECT_EQ(scan("path,label,speaker\n" + one + two).hash(),
            scan("path,label,speaker\n" + two + one).hash());
}

TEST_F(ClipManifest, NamesEachRecordThatItCannotUse) {
  expect_defect("wav/two.flac,,2", "'label' is empty");
  expect_defect("wav/two.flac,sad, ", "'speaker' is empty");
  expect_defect(",sad,2", "'path' is empty");
  expect_defect("wav/two.flac,sad", "2 fields instead of the 3");
  expect_defect("wav/two.flac,sad,2,4", "4 fields instead of the 3");
  expect_defect("wav/two.flac,sad,\"2", "never closed");
  expect_defect("wav/two.flac,s\"ad,2", "quote");
  expect_defect("wav/two.flac,\"sad\"x,2", "closing quote");
  expect_defect("wav/absent.wav,sad,2", "No such file");
  expect_defect("wav,sad,2", "not a regular file");
  expect_defect("../two.flac,sad,2", "leaves the manifest's folder");
  expect_defect("wav/../../two.flac,sad,2", "leaves the manifest's folder");
  expect_defect("wav/./one.wav,sad,2", "stands in line 2 already");
  expect_defect(
      "wav/two.flac,s\xe4"
      "d,2",
      "not UTF-8");
  expect_defect("wav/t\xe4.flac,sad,2", "not UTF-8");
  expect_defect("wav/two.flac,s\x01d,2", "control character");
}

TEST_F(ClipManifest, NamesEachJsonLineThatItCannotUse) {
  expect_json_defect("{\"path\":\"wav/two.flac\"", "not valid JSON");
  expect_json_defect("[1,2]", "not a JSON object");
  expect_json_defect("{\"path\":\"wav/two.flac\",\"label\":\"sad\"}", "'speaker' is missing");
  expect_json_defect("{\"path\":\"wav/two.flac\",\"label\":null,\"speaker\":1}",
                     "'label' is empty");
  expect_json_defect("{\"path\":\"wav/two.flac\",\"label\":[],\"speaker\":1}",
                     "'label' is missing");
  expect_json_defect(
      "{\"path\":\"wav/two.flac\",\"label\":\"s\xe4"
      "d\",\"speaker\":1}",
      "not UTF-8");
}

TEST_F(ClipManifest, NamesLinksThatLoopAndSoundThatIsBroken) {
  std::filesystem::create_symlink("loop.wav", folder_ / "loop.wav");
  expect_defect("loop.wav,sad,2", "symbolic links");
  test::write_text(folder_ / "text.wav", "not sound");
  const Corpus corpus = scan("path,label,speaker\nwav/one.wav,happy,1\ntext.wav,sad,2\n");
  ASSERT_EQ(corpus.defects.size(), 1U);
  EXPECT_EQ(corpus.defects[0].path, "text.wav");
}

TEST_F(ClipManifest, AnIdBelongsToOneClip) {
  const Corpus corpus =
      scan("id,path,label,speaker\nx,wav/one.wav,happy,1\nx,wav/two.flac,sad,2\n");
  ASSERT_EQ(corpus.defects.size(), 1U);
  EXPECT_EQ(corpus.defects[0].path, "wav/two.flac");
  EXPECT_THAT(corpus.defects[0].reason, HasSubstr("id 'x' stands in line 2 already"));
}

TEST_F(ClipManifest, AManifestThatNamesNothingIsRefused) {
  expect_refused("", "empty");
  expect_refused("\n\n", "empty");
  expect_refused("path,label,speaker\n", "lists no clip");
  expect_refused("path,label\nwav/one.wav,happy\n", "column 'speaker' is missing");
  expect_refused("path,lable,speaker\nwav/one.wav,happy,1\n", "did you mean 'lable'");
  expect_refused("path,label,speaker,path\n", "stands twice");
  expect_refused("path,\"label,speaker\n", "never closed");
  expect_refused("path,label,speaker\nabsent.wav,happy,1\n", "absent.wav");
}

}  // namespace
}  // namespace parlando::data
