#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/data/corpus.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/data/sample_corpus.h"

namespace parlando::data {
namespace {

using ::testing::HasSubstr;

class CorpusFile : public testing::Test {
 protected:
  CorpusFile() : corpus_(test::sample_corpus(1)), path_(folder_ / "corpus.jsonl") {
    corpus_.synthetic = true;
    corpus_.defects = {{"bad/holiday.wav", "the name is not RAVDESS'"}, {"\xff.wav", "not UTF-8"}};
    write_corpus(path_, corpus_);
  }

  /// Writes the manifest with line `number` (from 1) changed.
  void change_line(std::size_t number, const std::function<std::string(std::string)>& change) {
    const std::string text = test::read_text(path_);
    std::size_t start = 0;
    for (std::size_t i = 1; i < number; ++i) start = text.find('\n', start) + 1;
    const std::size_t end = text.find('\n', start);
    test::write_text(
        path_, text.substr(0, start) + change(text.substr(start, end - start)) + text.substr(end));
  }

  void expect_damaged(const std::string& place, const std::string& reason) {
    try {
      read_corpus(path_);
      FAIL() << "read without complaint";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::artefact);
      EXPECT_THAT(error.what(), HasSubstr(path_.string() + place));
      EXPECT_THAT(error.what(), HasSubstr(reason));
    }
  }

  test::ScratchFolder folder_;
  Corpus corpus_;
  std::filesystem::path path_;
};

TEST_F(CorpusFile, ReadsWhatWasWritten) {
  corpus_.clips[4].peak = 0.1;
  corpus_.clips[4].modified_ns = 1234567890123456789;
  write_corpus(path_, corpus_);
  const Corpus read = read_corpus(path_);
  EXPECT_EQ(read.name, "sample");
  EXPECT_TRUE(read.synthetic);
  EXPECT_EQ(read.root, "/sample");
  EXPECT_EQ(read.classes, corpus_.classes);
  EXPECT_EQ(read.hash(), corpus_.hash());
  ASSERT_EQ(read.clips.size(), corpus_.clips.size());
  EXPECT_EQ(read.clips[4].peak, 0.1);
  EXPECT_EQ(read.clips[4].modified_ns, 1234567890123456789);
  EXPECT_EQ(read.clips[4].path, corpus_.clips[4].path);
  EXPECT_EQ(read.clips[4].samples, corpus_.clips[4].samples);
  ASSERT_EQ(read.defects.size(), 2U);
  EXPECT_EQ(read.defects[0].reason, "the name is not RAVDESS'");
}

TEST_F(CorpusFile, ARelativeRootIsRelativeToTheManifest) {
  corpus_.root = "clips";
  write_corpus(path_, corpus_);
  EXPECT_EQ(read_corpus(path_).root, folder_ / "clips");
}

TEST_F(CorpusFile, DamagedJsonIsNamedWithItsLine) {
  change_line(12, [](std::string line) { return line.substr(0, 20); });
  expect_damaged(":12", "");
}

TEST_F(CorpusFile, AMissingKeyIsNamedWithItsLine) {
  change_line(
      3, [](std::string line) { return line.replace(line.find("\"label\""), 7, "\"lable\""); });
  expect_damaged(":3", "'label'");
}

TEST_F(CorpusFile, AWrongTypeIsNamedWithItsLine) {
  change_line(3, [](std::string line) { return line.replace(line.find("16000"), 5, "\"a\""); });
  expect_damaged(":3", "'sample_rate'");
}

TEST_F(CorpusFile, ValuesThatNoScanWritesAreNamedWithTheirLine) {
  const Corpus sound = corpus_;
  const auto expect_refused = [&](const char* key, const std::function<void(Clip&)>& damage) {
    corpus_ = sound;
    damage(corpus_.clips[1]);
    write_corpus(path_, corpus_);
    expect_damaged(":3", std::string("'") + key + "'");
  };
  expect_refused("clip", [](Clip& clip) { clip.id.clear(); });
  expect_refused("path", [](Clip& clip) { clip.path.clear(); });
  expect_refused("label", [](Clip& clip) { clip.label.clear(); });
  expect_refused("speaker", [](Clip& clip) { clip.speaker.clear(); });
  expect_refused("sample_rate", [](Clip& clip) { clip.sample_rate = 0; });
  expect_refused("sample_rate", [](Clip& clip) { clip.sample_rate = std::int64_t{1} << 40; });
  expect_refused("channels", [](Clip& clip) { clip.channels = 0; });
  expect_refused("samples", [](Clip& clip) { clip.samples = -5; });
  expect_refused("samples", [](Clip& clip) { clip.samples = std::int64_t{1} << 50; });
  expect_refused("bytes", [](Clip& clip) { clip.file_bytes = -1; });
  expect_refused("peak", [](Clip& clip) { clip.peak = -0.5; });
}

TEST_F(CorpusFile, ALabelThatIsNoClassIsNamed) {
  change_line(2, [](std::string line) { return line.replace(line.find("neutral"), 7, "bored"); });
  expect_damaged(":2", "'bored'");
}

TEST_F(CorpusFile, AClipThatStandsTwiceIsNamed) {
  change_line(5, [](const std::string& line) { return line + "\n" + line; });
  expect_damaged(":6", corpus_.clips[3].id);
}

TEST_F(CorpusFile, AFileCutInALineIsRefused) {
  std::filesystem::resize_file(path_, std::filesystem::file_size(path_) - 10);
  expect_damaged("", "cut short");
}

TEST_F(CorpusFile, AFileCutBetweenLinesIsRefused) {
  const std::string text = test::read_text(path_);
  test::write_text(path_, text.substr(0, text.find('\n', text.size() / 2) + 1));
  expect_damaged("", "cut short");
}

TEST_F(CorpusFile, AnEmptyFileIsRefused) {
  test::write_text(path_, "");
  expect_damaged("", "empty");
}

TEST_F(CorpusFile, AnotherJsonIsRefused) {
  test::write_text(path_, "{\"format\":\"something-else\"}\n");
  expect_damaged(":1", "not a corpus manifest");
}

TEST_F(CorpusFile, AnotherVersionIsRefused) {
  change_line(1, [](std::string line) {
    return line.replace(line.find("\"version\":2"), 11, "\"version\":9");
  });
  expect_damaged(":1", "version 9");
}

TEST_F(CorpusFile, VersionOneIsReadWithoutLanguages) {
  std::string text = test::read_text(path_);
  const auto remove = [&](const std::string& what) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what)) {
      text.erase(at, what.size());
    }
  };
  remove("\"language\":\"en\",");
  remove("\"left_out\":{},");
  text.replace(text.find("\"version\":2"), 11, "\"version\":1");
  test::write_text(path_, text);
  const Corpus corpus = read_corpus(path_);
  ASSERT_FALSE(corpus.clips.empty());
  EXPECT_EQ(corpus.clips[0].language, "");
}

}  // namespace
}  // namespace parlando::data
