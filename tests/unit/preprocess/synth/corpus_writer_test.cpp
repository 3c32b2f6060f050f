#include "preprocess/synth/corpus_writer.h"

#include <atomic>
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/data/scan.h"
#include "common/io/checksum.h"
#include "tests/support/scratch_folder.h"

namespace parlando::preprocess {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class SynthCorpus : public ::testing::Test {
 protected:
  SynthOptions options(const std::string& folder, std::size_t clips, int threads = 2) const {
    SynthOptions result;
    result.folder = scratch_ / folder;
    result.clips = clips;
    result.seed = 5;
    result.threads = threads;
    result.silent = true;
    return result;
  }

  /// Hash of every audio file by its relative path.
  std::map<std::string, std::string> hashes(const std::string& folder) const {
    std::map<std::string, std::string> found;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(scratch_ / folder)) {
      const fs::path path = entry.path();
      if (path.extension() != ".wav" && path.extension() != ".flac") continue;
      found[path.lexically_relative(scratch_ / folder).string()] = hash_file(path);
    }
    return found;
  }

  static std::string message_of(const SynthOptions& options, ErrorKind kind) {
    try {
      write_synthetic_corpus(options);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), kind) << error.what();
      return error.what();
    }
    ADD_FAILURE() << "not refused";
    return "";
  }

  test::ScratchFolder scratch_;
};

TEST_F(SynthCorpus, BytesDependNeitherOnThreadsNorOnTheSizeOfTheCorpus) {
  write_synthetic_corpus(options("one", 112, 1));
  write_synthetic_corpus(options("four", 112, 4));
  const auto one = hashes("one");
  EXPECT_EQ(one.size(), 112U);
  EXPECT_EQ(one, hashes("four"));

  SynthOptions larger = options("larger", 120, 3);
  larger.actors = 8;
  write_synthetic_corpus(larger);
  const auto more = hashes("larger");
  for (const auto& [path, hash] : one) EXPECT_EQ(more.at(path), hash) << path;
}

TEST_F(SynthCorpus, AnotherSeedGivesOtherSounds) {
  write_synthetic_corpus(options("a", 14));
  SynthOptions other = options("b", 14);
  other.seed = 6;
  write_synthetic_corpus(other);
  for (const auto& [path, hash] : hashes("a")) {
    for (const auto& [other_path, other_hash] : hashes("b")) EXPECT_NE(hash, other_hash) << path;
  }
}

TEST_F(SynthCorpus, ScansAsASyntheticCorpusWithoutDefects) {
  write_synthetic_corpus(options("c", 240));
  data::ScanOptions scan_options;
  scan_options.progress = false;
  const data::Corpus corpus = data::scan_corpus(scratch_ / "c", scan_options);
  EXPECT_TRUE(corpus.synthetic);
  EXPECT_EQ(corpus.name, "synthetic");
  EXPECT_EQ(corpus.clips.size(), 240U);
  EXPECT_TRUE(corpus.defects.empty());
  EXPECT_TRUE(corpus.duplicates().empty());
  EXPECT_TRUE(data::corpus_warnings(corpus).empty());
}

TEST_F(SynthCorpus, ASecondRunWritesOnlyWhatIsMissingOrCutOff) {
  const SynthOptions wanted = options("d", 240);
  EXPECT_EQ(write_synthetic_corpus(wanted).written, 240U);
  const auto before = hashes("d");
  EXPECT_EQ(write_synthetic_corpus(wanted).written, 0U);

  std::size_t damaged = 0;
  bool cut_flac = false;
  for (const auto& [path, hash] : before) {
    const fs::path file = scratch_ / "d" / path;
    if (!cut_flac && file.extension() == ".flac") {
      fs::resize_file(file, fs::file_size(file) / 2);
      cut_flac = true;
      ++damaged;
    } else if (damaged < 3 && file.extension() == ".wav") {
      damaged == 0 ? fs::resize_file(file, 1000) : static_cast<void>(fs::remove(file));
      ++damaged;
    }
  }
  ASSERT_TRUE(cut_flac) << "the corpus holds no FLAC file";
  test::write_text(scratch_ / "d" / "Audio_Song_Actors_01-24" / "x.wav.tmp-host-1", "part");
  EXPECT_EQ(write_synthetic_corpus(wanted).written, damaged);
  EXPECT_EQ(hashes("d"), before);
  EXPECT_FALSE(fs::exists(scratch_ / "d" / "Audio_Song_Actors_01-24" / "x.wav.tmp-host-1"));
}

TEST_F(SynthCorpus, AStoppedRunIsContinued) {
  std::atomic<int> polls{0};
  SynthOptions stopping = options("e", 60);
  stopping.stop_requested = [&polls] { return ++polls > 20; };
  EXPECT_THAT(message_of(stopping, ErrorKind::stopped),
              HasSubstr("run the same command to continue"));
  EXPECT_EQ(hashes("e").size(), 20U);
  EXPECT_EQ(write_synthetic_corpus(options("e", 60)).written, 40U);
}

TEST_F(SynthCorpus, RefusesAFolderWithForeignFilesAndLeavesItAlone) {
  test::write_text(scratch_ / "f" / "thesis.txt", "years of work");
  EXPECT_THAT(message_of(options("f", 14), ErrorKind::artefact), HasSubstr("'thesis.txt'"));
  EXPECT_EQ(std::distance(fs::directory_iterator(scratch_ / "f"), fs::directory_iterator()), 1);
  EXPECT_EQ(test::read_text(scratch_ / "f" / "thesis.txt"), "years of work");
}

TEST_F(SynthCorpus, RefusesAFolderOfAnotherSeedOrSize) {
  write_synthetic_corpus(options("g", 14));
  SynthOptions other = options("g", 14);
  other.seed = 6;
  EXPECT_THAT(message_of(other, ErrorKind::artefact), HasSubstr("seed is 5, asked for 6"));
  EXPECT_THAT(message_of(options("g", 15), ErrorKind::artefact),
              HasSubstr("clips is 14, asked for 15"));
}

TEST_F(SynthCorpus, RefusesForeignAudioAndADamagedMarker) {
  write_synthetic_corpus(options("h", 14));
  test::write_text(scratch_ / "h" / "Audio_Speech_Actors_01-24" / "mine.WAV", "RIFF");
  EXPECT_THAT(message_of(options("h", 14), ErrorKind::artefact), HasSubstr("mine.WAV"));

  write_synthetic_corpus(options("i", 14));
  test::write_text(scratch_ / "i" / "parlando-corpus.json", "{\"name\":");
  EXPECT_THAT(message_of(options("i", 14), ErrorKind::artefact), HasSubstr("parlando-corpus.json"));
}

TEST_F(SynthCorpus, RefusesAFileAsFolder) {
  test::write_text(scratch_ / "j", "text");
  EXPECT_THAT(message_of(options("j", 14), ErrorKind::artefact), HasSubstr("is a file"));
}

}  // namespace
}  // namespace parlando::preprocess
