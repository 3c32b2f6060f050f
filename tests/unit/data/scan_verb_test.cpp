#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/data/corpus.h"
#include "common/io/json.h"
#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/data/audio_file.h"

namespace parlando::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ScanVerb : public testing::Test {
 protected:
  ScanVerb() {
    write_audio(clips_ / "03-01-05-01-01-01-01.wav", tone(200));
    write_audio(clips_ / "03-02-05-01-01-01-02.flac", tone(210));
    write_audio(clips_ / "03-02-03-01-01-01-02.flac", {0.5F, 0.5F, 0.25F, 0.25F}, 2);
  }
  ProcessResult scan(const std::vector<std::string>& options = {}) const {
    std::vector<std::string> command{program("parlando-scan"), clips_.string()};
    command.insert(command.end(), options.begin(), options.end());
    return run_process(command);
  }

  ScratchFolder folder_;
  std::filesystem::path clips_ = folder_ / "clips";
};

TEST_F(ScanVerb, PrintsCountsAndWritesTheManifest) {
  const std::filesystem::path manifest = folder_ / "corpus.jsonl";
  const ProcessResult result = scan({"--out", manifest.string()});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("3 clips"));
  EXPECT_THAT(result.out, HasSubstr("16000 Hz x 3"));
  EXPECT_THAT(result.out, HasSubstr("03-02-03-01-01-01-02"));
  EXPECT_EQ(data::read_corpus(manifest).clips.size(), 3U);
}

TEST_F(ScanVerb, PrintsOneJsonDocument) {
  const ProcessResult result = scan({"--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const Json json = parse_json(result.out, "stdout");
  EXPECT_EQ(json.at("clips"), 3);
  EXPECT_EQ(json.at("counts").at("angry").at("song"), 1);
  EXPECT_EQ(json.at("stereo").size(), 1U);
  EXPECT_TRUE(json.at("defects").empty());
}

TEST_F(ScanVerb, DefectsAreNamedTheRestIsWrittenAndTheCodeIs3) {
  write_text(clips_ / "03-01-05-01-01-02-01.wav", "no audio");
  const std::filesystem::path manifest = folder_ / "corpus.jsonl";
  const ProcessResult result = scan({"--out", manifest.string()});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.out, HasSubstr("03-01-05-01-01-02-01.wav: "));
  EXPECT_EQ(data::read_corpus(manifest).clips.size(), 3U);
  EXPECT_EQ(data::read_corpus(manifest).defects.size(), 1U);
  EXPECT_EQ(scan({"--allow-defects", "1"}).exit_code, 0);
}

TEST_F(ScanVerb, DuplicatesAreWarnings) {
  write_audio(clips_ / "03-01-05-01-01-02-01.wav", tone(200));
  const ProcessResult result = scan();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("identical audio: 03-01-05-01-01-01-01, 03-01-05-01-01-02-01"));
}

TEST_F(ScanVerb, ScansAgainFromItsManifestUnlessToldNotTo) {
  const std::string manifest = (folder_ / "corpus.jsonl").string();
  ASSERT_EQ(scan({"--out", manifest}).exit_code, 0);
  data::Corpus marked = data::read_corpus(manifest);
  marked.clips[0].audio_hash = "from the manifest";
  data::write_corpus(manifest, marked);
  ASSERT_EQ(scan({"--out", manifest}).exit_code, 0);
  EXPECT_EQ(data::read_corpus(manifest).clips[0].audio_hash, "from the manifest");
  ASSERT_EQ(scan({"--out", manifest, "--fresh"}).exit_code, 0);
  EXPECT_NE(data::read_corpus(manifest).clips[0].audio_hash, "from the manifest");
}

TEST_F(ScanVerb, AWrongOptionIsWrongUsageWithTheNearestOne) {
  const ProcessResult result = scan({"--thread", "2"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("--threads"));
}

TEST_F(ScanVerb, AManifestThatCannotBeWrittenIsNamed) {
  write_text(folder_ / "file", "");
  const ProcessResult result = scan({"--out", (folder_ / "file/corpus.jsonl").string()});
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_THAT(result.err, HasSubstr((folder_ / "file").string()));
}

TEST_F(ScanVerb, AFolderToWriteIsNoBug) {
  const ProcessResult result = scan({"--out", folder_.path().string()});
  EXPECT_EQ(result.exit_code, 4) << result.err;
  EXPECT_THAT(result.err, HasSubstr(folder_.path().string()));
}

TEST_F(ScanVerb, KeepsTheListThatItReads) {
  const std::string text = "path,label,speaker\nclips/03-01-05-01-01-01-01.wav,angry,anna\n";
  const std::string list = (folder_ / "list.csv").string();
  write_text(list, text);
  const ProcessResult result = run_process({program("parlando-scan"), list, "--out", list});
  EXPECT_EQ(result.exit_code, 2) << result.err;
  EXPECT_EQ(read_text(list), text);
}

TEST_F(ScanVerb, ItsOwnManifestIsNoSource) {
  const std::string manifest = (folder_ / "corpus.jsonl").string();
  ASSERT_EQ(scan({"--out", manifest}).exit_code, 0);
  const ProcessResult result = run_process({program("parlando-scan"), manifest});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("a corpus manifest"));
}

TEST_F(ScanVerb, ADamagedMarkerIsNamed) {
  write_text(clips_ / "parlando-corpus.json", "{");
  const ProcessResult result = scan();
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_THAT(result.err, HasSubstr("parlando-corpus.json"));
}

TEST_F(ScanVerb, AMadeUpCorpusIsCalledThat) {
  EXPECT_THAT(scan().out, Not(HasSubstr("made up")));
  write_text(clips_ / "parlando-corpus.json", R"({"name": "synthetic", "synthetic": true})");
  EXPECT_THAT(scan().out, HasSubstr("made up"));
}

TEST_F(ScanVerb, ReadsAListAndNamesEachBadLine) {
  write_text(folder_ / "list.csv", "path,label,speaker\n" +
                                       (clips_ / "03-01-05-01-01-01-01.wav").string() +
                                       ",happy,ann\nabsent.wav,sad,bob\n");
  const ProcessResult result = run_process({program("parlando-scan"), folder_ / "list.csv"});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.out, HasSubstr("absent.wav: list.csv line 3: can't be read"));
  EXPECT_EQ(run_process({program("parlando-scan"), folder_ / "list.csv", "--allow-defects", "1"})
                .exit_code,
            0);
}

TEST_F(ScanVerb, TakesClassesAndSaysWhatTheyLeaveOut) {
  write_audio(clips_ / "03-01-08-01-01-01-01.wav", tone(300));
  const ProcessResult result = scan({"--classes", "common"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("surprised (1)"));
  EXPECT_EQ(scan({"--classes", "eight"}).exit_code, 2);
}

TEST_F(ScanVerb, ALabelOutsideTheClassesIsADefect) {
  write_text(folder_ / "classes.yaml", "classes: {set: [angry]}\n");
  const ProcessResult result = scan({"--classes", (folder_ / "classes.yaml").string()});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.out, HasSubstr("its label 'happy' is no class (angry)"));
}

TEST_F(ScanVerb, TakesLayouts) {
  EXPECT_EQ(scan({"--layout", "emodb"}).exit_code, 3);
  EXPECT_EQ(scan({"--layout", "ravdess"}).exit_code, 0);
  EXPECT_EQ(scan({"--layout", "iemocap"}).exit_code, 2);
}

}  // namespace
}  // namespace parlando::test
