#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/wav_file.h"

namespace parlando::test {
namespace {

using ::testing::HasSubstr;

const std::string kMel128 = "configs/preprocess/mel128.yaml";

/// A small corpus that splits, made once for all tests of this file.
class BadInput : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    pristine_ = std::make_unique<ScratchFolder>();
    const ProcessResult result =
        parlando({"synth", (*pristine_ / "corpus").string(), "--clips", "160", "--seed", "1"});
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }
  static void TearDownTestSuite() { pristine_.reset(); }

  /// A copy that a test may damage.
  std::filesystem::path corpus() {
    std::filesystem::copy(*pristine_ / "corpus", folder_ / "corpus",
                          std::filesystem::copy_options::recursive);
    return folder_ / "corpus";
  }
  ProcessResult preprocess(const std::filesystem::path& corpus,
                           const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{
        "preprocess",    "--config", source_path(kMel128).string(), "--corpus",
        corpus.string(), "--out",    (folder_ / "data").string(),   "split.by=emotion"};
    words.insert(words.end(), more.begin(), more.end());
    return parlando(words);
  }

  ScratchFolder folder_;

 private:
  inline static std::unique_ptr<ScratchFolder> pristine_;
};

/// A name that RAVDESS has and that the small corpus lacks.
const std::string kClip = "03-01-05-02-02-02-24";

TEST_F(BadInput, AnUnknownKeyOfAFileIsNamedWithItsLineAndTheNearestOne) {
  write_text(folder_ / "wrong.yaml", "name: wrong\nwaveform:\n  sampel_rate: 16000\n");
  const ProcessResult result =
      parlando({"preprocess", "--config", (folder_ / "wrong.yaml").string(), "--corpus",
                corpus().string(), "--out", (folder_ / "data").string()});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("wrong.yaml:3"));
  EXPECT_THAT(result.err, HasSubstr("sampel_rate"));
  EXPECT_THAT(result.err, HasSubstr("sample_rate"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "data"));
}

TEST_F(BadInput, AnUnknownKeyOfTheCommandLineIsWrongUsage) {
  const ProcessResult result = preprocess(corpus(), {"split.sede=1"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err,
              HasSubstr("command line: split.sede: unknown key 'sede'; did you mean 'seed'?"));
}

TEST_F(BadInput, AValueOutOfRangeIsWrongUsage) {
  const ProcessResult result = preprocess(corpus(), {"split.test_fraction=1.5"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("split.test_fraction"));
}

TEST_F(BadInput, AFolderThatDoesNotExistIsNamed) {
  const std::string missing = (folder_ / "no-such-folder").string();
  for (const ProcessResult& result : {parlando({"scan", missing}), preprocess(missing)}) {
    EXPECT_EQ(result.exit_code, 2) << result.err;
    EXPECT_THAT(result.err, HasSubstr(missing));
    EXPECT_EQ(result.out, "");
  }
}

TEST_F(BadInput, AFolderWithoutClipsIsDefectiveInput) {
  std::filesystem::create_directories(folder_ / "empty");
  const std::string empty = (folder_ / "empty").string();
  for (const ProcessResult& result : {parlando({"scan", empty}), preprocess(empty)}) {
    EXPECT_EQ(result.exit_code, 3) << result.err;
    EXPECT_THAT(result.err, HasSubstr(empty));
  }
}

TEST_F(BadInput, AMissingConfigurationIsWrongUsage) {
  const std::string missing = (folder_ / "missing.yaml").string();
  const ProcessResult result = parlando({"preprocess", "--config", missing, "--corpus",
                                         corpus().string(), "--out", (folder_ / "data").string()});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr(missing));
}

TEST_F(BadInput, ScanNamesATruncatedClipAndListsTheOthers) {
  const std::filesystem::path root = corpus();
  write_wav(root / (kClip + ".wav"), 16000, 8000);
  const ProcessResult result =
      parlando({"scan", root.string(), "--out", (folder_ / "corpus.jsonl").string()});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.out + result.err, HasSubstr(kClip));
  EXPECT_THAT(result.out + result.err, HasSubstr("truncated"));
  EXPECT_THAT(result.out, HasSubstr("160"));
}

TEST_F(BadInput, PreprocessRefusesATruncatedClipUnlessDefectsAreAllowed) {
  const std::filesystem::path root = corpus();
  write_wav(root / (kClip + ".wav"), 16000, 8000);
  const ProcessResult refused = preprocess(root);
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err, HasSubstr(kClip));
  EXPECT_THAT(refused.err, HasSubstr("--allow-defects"));

  const ProcessResult accepted = preprocess(root, {"--allow-defects", "1"});
  EXPECT_EQ(accepted.exit_code, 0) << accepted.err;
  EXPECT_THAT(accepted.err, HasSubstr(kClip));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "data/manifest.json"));
}

TEST_F(BadInput, FeaturesOfATruncatedClipAreRefused) {
  write_wav(folder_ / (kClip + ".wav"), 16000, 100);
  const ProcessResult result =
      parlando({"features", "--config", source_path(kMel128).string(),
                (folder_ / (kClip + ".wav")).string(), "--out", (folder_ / "x.npy").string()});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, HasSubstr(kClip));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "x.npy"));
}

TEST_F(BadInput, AClipWithoutRavdessNameIsADefect) {
  const std::filesystem::path root = corpus();
  write_wav(root / "holiday.wav", 16000);
  const ProcessResult result = parlando({"scan", root.string()});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.out + result.err, HasSubstr("holiday.wav"));
}

TEST_F(BadInput, ADamagedShardIsADamagedArtefact) {
  ASSERT_EQ(preprocess(corpus()).exit_code, 0);
  const std::filesystem::path shard = folder_ / "data/shard-00000.h5";
  std::filesystem::resize_file(shard, std::filesystem::file_size(shard) / 2);
  const ProcessResult result = parlando({"audit", "--data", (folder_ / "data").string()});
  EXPECT_EQ(result.exit_code, 4) << result.err;
  EXPECT_THAT(result.err, HasSubstr("shard-00000.h5"));
}

TEST_F(BadInput, ADamagedManifestIsADamagedArtefact) {
  write_text(folder_ / "corpus.jsonl", "{\"format\":\"parlando-corpus\",\"vers");
  const ProcessResult result = preprocess(folder_ / "corpus.jsonl");
  EXPECT_EQ(result.exit_code, 4) << result.err;
  EXPECT_THAT(result.err, HasSubstr("corpus.jsonl"));
}

TEST_F(BadInput, AGivenSplitAndKeysOfADrawContradictEachOther) {
  write_text(folder_ / "split.json", "{}");
  const ProcessResult result =
      preprocess(corpus(), {"--split", (folder_ / "split.json").string(), "split.scheme=loso"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("--split"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "data"));
}

}  // namespace
}  // namespace parlando::test
