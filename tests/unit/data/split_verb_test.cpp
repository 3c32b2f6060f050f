#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/data/corpus.h"
#include "common/data/split.h"
#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/data/sample_corpus.h"

namespace parlando::test {
namespace {

using ::testing::HasSubstr;

class SplitVerb : public testing::Test {
 protected:
  SplitVerb() {
    corpus_ = sample_corpus(10);
    data::write_corpus(manifest_, corpus_);
  }
  ProcessResult split(const std::vector<std::string>& options = {}) const {
    std::vector<std::string> command{program("parlando-split"), "--corpus", manifest_.string(),
                                     "--out", out_.string()};
    command.insert(command.end(), options.begin(), options.end());
    return run_process(command);
  }
  data::Split written() const { return data::split_from_json(read_json(out_), out_.string()); }

  ScratchFolder folder_;
  data::Corpus corpus_;
  std::filesystem::path manifest_ = folder_ / "corpus.jsonl";
  std::filesystem::path out_ = folder_ / "split.json";
};

TEST_F(SplitVerb, WritesTheSplitThatTheLibraryMakes) {
  const ProcessResult result = split({"--seed", "3", "--by", "emotion", "--test-fraction", "0.25",
                                      "--validation-fraction", "0.2"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  data::SplitConfig config;
  config.seed = 3;
  config.by = "emotion";
  config.test_fraction = 0.25;
  config.validation_fraction = 0.2;
  EXPECT_EQ(written().hash(), data::make_split(corpus_, config).hash());
  EXPECT_THAT(result.out, HasSubstr(written().hash()));
}

TEST_F(SplitVerb, PrintsTheSplitAsJson) {
  const ProcessResult result = split({"--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(data::split_from_json(parse_json(result.out, "stdout"), "stdout").hash(),
            written().hash());
}

TEST_F(SplitVerb, TakesFolds) {
  EXPECT_EQ(split({"--scheme", "group-kfold", "--fold", "2"}).exit_code, 0);
  EXPECT_EQ(written().config.fold, 2);
  const ProcessResult absent = split({"--scheme", "group-kfold", "--fold", "5"});
  EXPECT_EQ(absent.exit_code, 2);
  EXPECT_THAT(absent.err, HasSubstr("0 to 4"));
}

TEST_F(SplitVerb, PublishedFoldsOfOtherSpeakersAreDefectiveInput) {
  const ProcessResult result = split({"--scheme", "luna5"});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, HasSubstr("luna5"));
  EXPECT_FALSE(std::filesystem::exists(out_));
}

TEST_F(SplitVerb, WrongValuesAreWrongUsage) {
  EXPECT_EQ(split({"--scheme", "random"}).exit_code, 2);
  EXPECT_EQ(split({"--test-fraction", "1.5"}).exit_code, 2);
  EXPECT_EQ(split({"--seed", "-1"}).exit_code, 2);
  EXPECT_EQ(split({"--seed", "99999999999"}).exit_code, 2);
}

TEST_F(SplitVerb, DefectsOfTheCorpusAreRefusedAfterTheWork) {
  corpus_.defects = {{"holiday.wav", "a foreign name"}};
  data::write_corpus(manifest_, corpus_);
  const ProcessResult result = split();
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, HasSubstr("holiday.wav: a foreign name"));
  EXPECT_TRUE(std::filesystem::exists(out_));
  EXPECT_EQ(split({"--allow-defects", "1"}).exit_code, 0);
}

TEST_F(SplitVerb, ADamagedManifestIsNamedWithItsLine) {
  write_text(manifest_, read_text(manifest_) + "{\"clip\":\n");
  const ProcessResult result = split();
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_THAT(result.err, HasSubstr("corpus.jsonl:1042"));
}

TEST_F(SplitVerb, KeepsTheManifestThatItReads) {
  const std::string before = read_text(manifest_);
  const ProcessResult result = run_process(
      {program("parlando-split"), "--corpus", manifest_.string(), "--out", manifest_.string()});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("it would replace"));
  EXPECT_EQ(read_text(manifest_), before);
}

TEST_F(SplitVerb, TakesNestedFolds) {
  const ProcessResult result = split({"--scheme", "loso", "--fold", "3", "--inner-fold", "8"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(written().config.inner_fold, 8);
  EXPECT_EQ(split({"--scheme", "loso", "--inner-fold", "9"}).exit_code, 2);
  EXPECT_EQ(split({"--scheme", "kfold", "--folds", "3", "--no-shuffle"}).exit_code, 0);
  EXPECT_FALSE(written().config.shuffle);
}

TEST_F(SplitVerb, ImportsASplitMadeElsewhere) {
  std::string csv = "clip,side\n";
  for (const data::Clip& clip : corpus_.clips) {
    csv += clip.id + "," + (clip.speaker < "08" ? "train" : "test") + "\n";
  }
  write_text(folder_ / "theirs.csv", csv);
  const ProcessResult result = split({"--import", (folder_ / "theirs.csv").string()});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(written().train.size(), 7U * 104U);
  EXPECT_EQ(written().config.scheme, "imported");
  const ProcessResult both =
      split({"--import", (folder_ / "theirs.csv").string(), "--scheme", "loso"});
  EXPECT_EQ(both.exit_code, 2);
  EXPECT_THAT(both.err, HasSubstr("--scheme"));
  EXPECT_EQ(split({"--tolerate", "shared-speaker"}).exit_code, 2);
  write_text(folder_ / "theirs.csv", csv + "stranger,test\n");
  const ProcessResult refused = split({"--import", (folder_ / "theirs.csv").string()});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err, HasSubstr("'stranger'"));
}

}  // namespace
}  // namespace parlando::test
