#include "common/data/split_import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/data/audit.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/data/sample_corpus.h"

namespace parlando::data {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Six clips of three speakers, a to f.
Corpus six_clips() {
  Corpus corpus;
  corpus.classes = {"happy", "sad"};
  for (int i = 0; i < 6; ++i) {
    Clip clip;
    clip.id = std::string(1, static_cast<char>('a' + i));
    clip.path = "wav/" + clip.id + ".wav";
    clip.label = i % 2 == 0 ? "happy" : "sad";
    clip.speaker = std::to_string(i / 2);
    clip.audio_hash = clip.id;
    corpus.clips.push_back(clip);
  }
  return corpus;
}

class SplitImport : public testing::Test {
 protected:
  Split load(const std::string& text, const std::string& name,
             const std::vector<std::string>& tolerates = {}) const {
    test::write_text(folder_ / name, text);
    return load_split(folder_ / name, corpus_, tolerates);
  }
  void expect_refused(const std::string& rows, const std::string& reason) const {
    try {
      load("clip,side\n" + rows, "split.csv");
      FAIL() << "accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::data);
      EXPECT_THAT(error.what(), HasSubstr(reason));
      EXPECT_THAT(error.what(), HasSubstr("split.csv"));
    }
  }
  test::ScratchFolder folder_;
  Corpus corpus_ = six_clips();
};

TEST_F(SplitImport, ReadsCsvOfIds) {
  const Split split =
      load("clip,side\na,train\nb,Train\nc,dev\nd,dropped\ne,test\nf,test\n", "split.csv");
  EXPECT_THAT(split.train, ElementsAre("a", "b"));
  EXPECT_THAT(split.validation, ElementsAre("c"));
  EXPECT_THAT(split.test, ElementsAre("e", "f"));
  ASSERT_EQ(split.dropped.size(), 1U);
  EXPECT_EQ(split.dropped[0].id, "d");
  EXPECT_EQ(split.config.scheme, "imported");
  EXPECT_TRUE(audit_split(corpus_, split).clean());
}

TEST_F(SplitImport, ReadsPathsJsonLinesAndJsonLists) {
  const Split csv = load(
      "path,side\nwav/a.wav,train\nwav/b.wav,train\nwav/c.wav,validation\n"
      "wav/d.wav,validation\nwav/e.wav,test\nwav/f.wav,test\n",
      "paths.csv");
  const Split lines = load(
      "{\"id\":\"a\",\"side\":\"train\"}\n{\"id\":\"b\",\"side\":\"train\"}\n"
      "{\"id\":\"c\",\"side\":\"val\"}\n{\"id\":\"d\",\"side\":\"val\"}\n"
      "{\"id\":\"e\",\"side\":\"test\"}\n{\"id\":\"f\",\"side\":\"test\"}\n",
      "split.jsonl");
  const Split lists =
      load(R"({"train":["a","wav/b.wav"],"validation":["c","d"],"test":["e","f"]})", "split.json");
  EXPECT_EQ(lines.hash(), csv.hash());
  EXPECT_EQ(lists.hash(), csv.hash());
}

TEST_F(SplitImport, ReadsWhatSplitWrote) {
  const Corpus corpus = test::sample_corpus(4);
  const Split made = make_split(corpus, {});
  write_json(folder_ / "ours.json", split_to_json(made));
  EXPECT_EQ(load_split(folder_ / "ours.json", corpus).hash(), made.hash());
  EXPECT_THROW(load_split(folder_ / "ours.json", corpus_), Error);
}

TEST_F(SplitImport, RefusesWhatDoesNotFitTheCorpus) {
  const std::string good = "a,train\nb,train\nc,train\nd,train\ne,test\n";
  expect_refused(good + "x,test\nf,test\n", "line 7: the corpus has no clip 'x'");
  expect_refused(good + "f,test\na,test\n", "clip 'a' stands at line 2 (train) already");
  expect_refused(good, "clip 'f': on no side");
  expect_refused(good + "f,holdout\n", "side 'holdout'");
  expect_refused(good + "f\n", "1 fields instead of the 2");
  expect_refused("a,train\nb,train\nc,train\nd,train\ne,train\nf,train\n", "no clip tests");
  expect_refused("x,train\ny,test\n", "8 problem(s)");
}

TEST_F(SplitImport, DeclaresWhatItTolerates) {
  const std::string lists = R"({"train":["a","c","e"],"test":["b","d","f"])";
  EXPECT_FALSE(audit_split(corpus_, load(lists + "}", "split.json")).clean());
  EXPECT_TRUE(audit_split(corpus_, load(lists + "}", "split.json", {"shared-speaker"})).clean());
  const Split declared = load(lists + R"(,"tolerates":["shared-speaker"]})", "split.json");
  EXPECT_TRUE(audit_split(corpus_, declared).clean());
  EXPECT_THAT(split_from_json(split_to_json(declared), "text").tolerates,
              ElementsAre("shared-speaker"));
  EXPECT_THROW(load(lists + "}", "split.json", {"identical-audio"}), Error);
}

TEST_F(SplitImport, NeedsItsColumns) {
  test::write_text(folder_ / "split.csv", "name,part\na,train\n");
  EXPECT_THROW(load_split(folder_ / "split.csv", corpus_), Error);
}

}  // namespace
}  // namespace parlando::data
