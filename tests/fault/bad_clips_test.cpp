#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "tests/fault/defective_clips.h"
#include "tests/fault/wav_bytes.h"
#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/audio/sound_file.h"

namespace parlando::test {
namespace {

using testing::HasSubstr;

constexpr std::size_t kDefectiveClips = 65;

std::vector<DefectiveClip> defective_clips() {
  std::vector<DefectiveClip> all;
  for (const auto& group : {damaged_sound(), misnamed_sound(), odd_files()}) {
    all.insert(all.end(), group.begin(), group.end());
  }
  return all;
}

/// Names in a JSON report: bytes that are no UTF-8 are replaced there.
std::string reported(const std::string& path) {
  return nlohmann::json::parse(
      nlohmann::json(path).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

/// A corpus of sound clips with every kind of defect among them.
class BadClips : public testing::Test {
 protected:
  void SetUp() override {
    const ProcessResult synth =
        parlando({"synth", corpus_.string(), "--clips", "160", "--seed", "1"});
    ASSERT_EQ(synth.exit_code, 0) << synth.err;
    // Harmless: a loop of folders, a hidden file, a file of another kind.
    std::filesystem::create_directory_symlink(corpus_, corpus_ / "loop");
    write_text(corpus_ / "._03-01-02-01-01-01-24.wav", "what a Mac leaves behind");
    write_text(corpus_ / "notes.txt", "not a clip");
    for (const DefectiveClip& clip : clips_) {
      std::filesystem::create_directories((corpus_ / clip.path).parent_path());
      clip.make(corpus_ / clip.path);
    }
  }

  std::vector<std::string> preprocess(const std::vector<std::string>& more) const {
    std::vector<std::string> words{
        "preprocess",     "--config", source_path("configs/preprocess/mel128.yaml").string(),
        "--corpus",       corpus_,    "--out",
        folder_ / "data", "--json",   "split.by=emotion"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  ScratchFolder folder_;
  std::filesystem::path corpus_ = folder_ / "corpus";
  std::vector<DefectiveClip> clips_ = defective_clips();
};

TEST_F(BadClips, AreOfManyKinds) {
  std::set<std::string> kinds;
  std::set<std::string> paths;
  for (const DefectiveClip& clip : clips_) {
    kinds.insert(clip.kind);
    paths.insert(clip.path);
  }
  EXPECT_EQ(kinds.size(), kDefectiveClips);
  EXPECT_EQ(paths.size(), kDefectiveClips);
}

TEST_F(BadClips, ScanNamesEachWithItsReasonAndListsTheRest) {
  const ProcessResult scan = parlando({"scan", corpus_.string(), "--json"});
  EXPECT_EQ(scan.exit_code, 3) << scan.err;
  const auto report = nlohmann::json::parse(scan.out);
  std::map<std::string, std::string> defects;
  for (const auto& defect : report.at("defects")) defects[defect.at("path")] = defect.at("reason");
  for (const DefectiveClip& clip : clips_) {
    const auto found = defects.find(reported(clip.path));
    ASSERT_NE(found, defects.end()) << clip.kind << ": " << clip.path << " was accepted";
    EXPECT_THAT(found->second, HasSubstr(clip.reason)) << clip.kind;
    EXPECT_NE(found->second, "") << clip.kind;
  }
  EXPECT_EQ(defects.size(), clips_.size()) << "something sound was refused";
  // 160 of the synthetic corpus and the first file of the clip that stands twice.
  EXPECT_EQ(report.at("clips"), 161);
}

TEST_F(BadClips, PreprocessNamesEachAndProcessesTheRestWhereThatIsAllowed) {
  const ProcessResult refused = parlando(preprocess({}));
  EXPECT_EQ(refused.exit_code, 3);
  for (const DefectiveClip& clip : clips_) {
    EXPECT_THAT(refused.err, HasSubstr(clip.path + ": ")) << clip.kind;
  }
  const ProcessResult accepted =
      parlando(preprocess({"--allow-defects", std::to_string(clips_.size())}));
  EXPECT_EQ(accepted.exit_code, 0) << accepted.err;
  const auto summary = nlohmann::json::parse(accepted.out);
  EXPECT_EQ(summary.at("clips"), 161);
  EXPECT_EQ(summary.at("defects").size(), clips_.size());
  const ProcessResult few =
      parlando(preprocess({"--allow-defects", std::to_string(clips_.size() - 1)}));
  EXPECT_EQ(few.exit_code, 3) << few.err;
}

/// What is worth a word but no refusal.
TEST(OddClips, SilenceAndCopiesAreWarnings) {
  const ScratchFolder folder;
  const std::string silent = "03-01-02-01-01-01-01";
  const std::string twin = "03-01-03-01-01-01-02";
  const std::string other = "03-01-04-01-01-01-03";
  write_sound(folder / (silent + ".wav"), std::vector<float>(1600, 0.0F));
  write_text(folder / (twin + ".wav"), wav_bytes({}));
  write_text(folder / (other + ".wav"), wav_bytes({}));
  const ProcessResult scan = parlando({"scan", folder.path().string()});
  EXPECT_EQ(scan.exit_code, 0) << scan.err;
  const std::string said = scan.out + scan.err;
  EXPECT_THAT(said, HasSubstr("identical audio: " + twin + ", " + other));
  EXPECT_THAT(said, HasSubstr("silence, every sample is 0: " + silent));
}

TEST(OddClips, AnythingThatDecodesIsSound) {
  const ScratchFolder folder;
  const std::vector<SoundFormat> formats{
      {.rate = 8000, .format = SF_FORMAT_WAV | SF_FORMAT_PCM_U8},
      {.rate = 96000, .format = SF_FORMAT_WAV | SF_FORMAT_PCM_24},
      {.rate = 44100, .channels = 2, .format = SF_FORMAT_WAVEX | SF_FORMAT_PCM_32},
      {.rate = 22050, .format = SF_FORMAT_WAV | SF_FORMAT_ULAW},
      {.rate = 22050, .format = SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM},
      {.rate = 16000, .format = SF_FORMAT_RF64 | SF_FORMAT_PCM_16},
      {.rate = 16000, .format = SF_FORMAT_WAV | SF_FORMAT_PCM_16 | SF_ENDIAN_BIG},
      {.rate = 48000, .channels = 2, .format = SF_FORMAT_FLAC | SF_FORMAT_PCM_24}};
  for (std::size_t i = 0; i < formats.size(); ++i) {
    write_sound(folder / ("03-01-0" + std::to_string(i + 1) + "-01-01-01-01.wav"),
                tone(200 + 10 * static_cast<double>(i), formats[i].rate, 4000), formats[i]);
  }
  write_sound(folder / "03-01-08-01-01-01-03.wav", {0.5F});  // one sample
  const ProcessResult scan = parlando({"scan", folder.path().string(), "--json"});
  EXPECT_EQ(scan.exit_code, 0) << scan.out;
  EXPECT_EQ(nlohmann::json::parse(scan.out).at("clips"), formats.size() + 1);
}

/// Permissions do not stop root, so the program runs as nobody; its copy lies where nobody reaches.
TEST(OddClips, WhatMayNotBeReadIsNamed) {
  const ScratchFolder folder;
  const std::filesystem::path corpus = folder / "corpus";
  write_text(corpus / "03-01-02-01-01-01-01.wav", wav_bytes({.rate = 12000}));
  write_text(corpus / "03-01-03-01-01-01-02.wav", wav_bytes({}));
  write_text(corpus / "closed/03-01-04-01-01-01-03.wav", wav_bytes({}));
  std::filesystem::permissions(corpus / "03-01-03-01-01-01-02.wav", std::filesystem::perms::none);
  std::filesystem::permissions(corpus / "closed", std::filesystem::perms::none);
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
  std::filesystem::copy_file(program("parlando-scan"), folder / "scan");
  std::vector<std::string> command{(folder / "scan").string(), corpus.string(), "--json"};
  if (geteuid() == 0) {
    command.insert(command.begin(),
                   {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"});
  }
  const ProcessResult scan = run_process(command);
  std::filesystem::permissions(corpus / "closed", std::filesystem::perms(0755));
  EXPECT_EQ(scan.exit_code, 3) << scan.err;
  const auto report = nlohmann::json::parse(scan.out);
  ASSERT_EQ(report.at("defects").size(), 2U) << scan.out;
  EXPECT_EQ(report.at("defects")[0].at("path"), "03-01-03-01-01-01-02.wav");
  EXPECT_EQ(report.at("defects")[1].at("path"), "closed");
  for (const auto& defect : report.at("defects")) {
    EXPECT_THAT(defect.at("reason").get<std::string>(), HasSubstr("ermission denied"));
  }
  EXPECT_EQ(report.at("clips"), 1);
}

}  // namespace
}  // namespace parlando::test
