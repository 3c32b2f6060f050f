#include <ctime>

#include <gtest/gtest.h>

#include "common/data/audit.h"
#include "common/data/audit_rows.h"
#include "common/data/clip_manifest.h"
#include "common/data/corpus.h"
#include "common/data/split.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/data/sample_corpus.h"

namespace parlando::data {
namespace {

/// Processor time, so that a busy machine does not count. An optimised build needs about a second;
/// a quadratic step would need hours. The bound leaves room for sanitizers.
constexpr double kBoundSeconds = 60;

class Stopwatch {
 public:
  double seconds() const { return static_cast<double>(std::clock() - start_) / CLOCKS_PER_SEC; }

 private:
  std::clock_t start_ = std::clock();
};

const Corpus& large_corpus() {
  static const Corpus corpus = test::sample_corpus(1000);
  return corpus;
}

class LargeCorpus : public testing::TestWithParam<const char*> {};

TEST_P(LargeCorpus, AreDividedAndAuditedInSeconds) {
  const Corpus& corpus = large_corpus();
  ASSERT_EQ(corpus.clips.size(), 104000U);
  SplitConfig config;
  config.scheme = GetParam();
  const Stopwatch watch;
  const Split split = make_split(corpus, config);
  Audit audit = audit_split(corpus, split);
  EXPECT_TRUE(audit.clean());
  std::vector<DatasetRow> rows(corpus.clips.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].clip = corpus.clips[i].id;
    rows[i].source = corpus.clips[i].id;
  }
  audit_rows(rows, split, audit);
  EXPECT_TRUE(audit.clean());
  EXPECT_LT(watch.seconds(), kBoundSeconds);
  RecordProperty("seconds", std::to_string(watch.seconds()));
}

INSTANTIATE_TEST_SUITE_P(Schemes, LargeCorpus,
                         testing::Values("stratified", "stratified-group-kfold"));

TEST(HundredThousandClips, OfEqualAudioAreAuditedInSeconds) {
  Corpus corpus = large_corpus();
  Split split = make_split(corpus, {});
  for (Clip& clip : corpus.clips) clip.audio_hash = "silence";
  const Stopwatch watch;
  EXPECT_FALSE(audit_split(corpus, split).clean());
  EXPECT_LT(watch.seconds(), kBoundSeconds);
}

TEST(HundredThousandClips, AreWrittenAndReadInSeconds) {
  const test::ScratchFolder folder;
  const Stopwatch watch;
  write_corpus(folder / "corpus.jsonl", large_corpus());
  EXPECT_EQ(read_corpus(folder / "corpus.jsonl").hash(), large_corpus().hash());
  EXPECT_LT(watch.seconds(), kBoundSeconds);
}

TEST(HundredThousandClips, OfAListAreLabelledInSeconds) {
  const test::ScratchFolder folder;
  test::write_text(folder / "clip.wav", "not decoded");
  std::string text = "path,label,speaker,id\n";
  for (int i = 0; i < 100000; ++i) {
    // One file under many spellings would be one path; absent files are found as quickly.
    text += fmt::format("clip{}.wav,happy,{},{}\n", i == 0 ? "" : std::to_string(i), i % 50, i);
  }
  test::write_text(folder / "clips.csv", text);
  const Stopwatch watch;
  const Corpus corpus = read_clip_manifest(folder / "clips.csv");
  EXPECT_EQ(corpus.clips.size(), 1U);
  EXPECT_EQ(corpus.defects.size(), 99999U);
  EXPECT_LT(watch.seconds(), kBoundSeconds);
}

}  // namespace
}  // namespace parlando::data
