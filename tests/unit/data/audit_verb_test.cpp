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
using ::testing::Not;

class AuditVerb : public testing::Test {
 protected:
  AuditVerb() {
    corpus_ = sample_corpus(10);
    data::write_corpus(manifest_, corpus_);
    split_ = data::make_split(corpus_, {});
    write_json(split_file_, data::split_to_json(split_));
  }
  ProcessResult audit(const std::vector<std::string>& options = {}) const {
    std::vector<std::string> command{program("parlando-audit"), "--corpus", manifest_.string(),
                                     "--split", split_file_.string()};
    command.insert(command.end(), options.begin(), options.end());
    return run_process(command);
  }

  ScratchFolder folder_;
  data::Corpus corpus_;
  data::Split split_;
  std::filesystem::path manifest_ = folder_ / "corpus.jsonl";
  std::filesystem::path split_file_ = folder_ / "split.json";
};

TEST_F(AuditVerb, CountsWhatTheSchemeTolerates) {
  const ProcessResult result = audit();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("tolerated"));
  EXPECT_THAT(result.out, Not(HasSubstr("LEAK")));
}

TEST_F(AuditVerb, RefusesAPlantedLeakAndListsThePairs) {
  split_.train.push_back(split_.test[0]);
  write_json(split_file_, data::split_to_json(split_));
  const ProcessResult result = audit();
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.out, HasSubstr("LEAK"));
  EXPECT_THAT(result.out, HasSubstr(split_.test[0] + " ~ " + split_.test[0]));
}

TEST_F(AuditVerb, RefusesIdenticalAudioOfAChangedCorpus) {
  clip_of(corpus_, split_.train[0]).audio_hash = clip_of(corpus_, split_.test[0]).audio_hash;
  data::write_corpus(manifest_, corpus_);
  const ProcessResult result = audit({"--json"});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(parse_json(result.out, "stdout").at("clean"), false);
  EXPECT_THAT(result.err, HasSubstr("not the one that the split was made from"));
}

TEST_F(AuditVerb, NeedsACorpusAndASplitOrADataset) {
  EXPECT_EQ(run_process({program("parlando-audit")}).exit_code, 2);
  EXPECT_EQ(run_process({program("parlando-audit"), "--corpus", manifest_.string()}).exit_code, 2);
  EXPECT_EQ(audit({"--data", "dataset"}).exit_code, 2);
}

TEST_F(AuditVerb, AnEditedSplitIsADamagedArtefact) {
  Json json = data::split_to_json(split_);
  json["test"].erase(0);
  write_json(split_file_, json);
  const ProcessResult result = audit();
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_THAT(result.err, HasSubstr("split.json"));
}

TEST_F(AuditVerb, AFolderThatIsNoDatasetIsADamagedArtefact) {
  const ProcessResult result =
      run_process({program("parlando-audit"), "--data", folder_.path().string()});
  EXPECT_EQ(result.exit_code, 4) << result.err;
}

}  // namespace
}  // namespace parlando::test
