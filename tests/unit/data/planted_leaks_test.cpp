#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/data/audit.h"
#include "common/data/audit_rows.h"
#include "common/data/class_config.h"
#include "common/data/scan.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/data/audio_file.h"
#include "tests/unit/data/sample_corpus.h"

/// Every leak of docs/splits.md that a corpus, a split or a dataset can show, planted and refused.

namespace parlando::data {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

std::vector<std::string> leaks(const Audit& audit) {
  std::vector<std::string> names;
  for (const Relation& found : audit.relations) {
    if (found.count > 0 && !found.tolerated) names.push_back(found.name + " " + found.sides);
  }
  return names;
}

DatasetRow row(const std::string& clip, const std::string& source) {
  DatasetRow made;
  made.clip = clip;
  made.source = source;
  return made;
}

/// A split by speakers, which tolerates nothing, and the rows of its dataset.
class PlantedLeak : public testing::Test {
 protected:
  PlantedLeak() {
    SplitConfig config;
    config.scheme = "group-kfold";
    split_ = make_split(corpus_, config);
    for (const Clip& clip : corpus_.clips) rows_.push_back(row(clip.id, clip.id));
  }
  std::vector<std::string> found() const {
    Audit audit = audit_split(corpus_, split_);
    audit_rows(rows_, split_, audit);
    return leaks(audit);
  }
  Corpus corpus_ = test::sample_corpus(10);
  Split split_;
  std::vector<DatasetRow> rows_;
};

TEST_F(PlantedLeak, NothingPlantedIsClean) {
  EXPECT_TRUE(found().empty());
}

TEST_F(PlantedLeak, Leak01AChangedCopyOfATestClipTrains) {
  rows_.push_back(row(split_.test[0] + "+1", split_.test[0]));
  EXPECT_THAT(found(), Contains("variant-outside-train dataset"));
}

TEST_F(PlantedLeak, Leak02AClipDrawnTwiceBeforeTheSplit) {
  split_.train.push_back(split_.test[0]);
  EXPECT_THAT(found(), Contains("same-clip train/test"));
}

TEST_F(PlantedLeak, Leak02AnOversampledCopyUnderAnotherName) {
  Clip copy = test::clip_of(corpus_, split_.test[0]);
  copy.id += "-copy";
  corpus_.clips.push_back(copy);
  split_.train.push_back(copy.id);
  rows_.push_back(row(copy.id, copy.id));
  EXPECT_THAT(found(), Contains("identical-audio train/test"));
}

TEST_F(PlantedLeak, Leak03ASpeakerOnBothSides) {
  split_.train.push_back(split_.test.back());
  split_.test.pop_back();
  EXPECT_THAT(found(), Contains("shared-speaker train/test"));
}

TEST_F(PlantedLeak, Leak04TheOtherRepetitionOnTheOtherSide) {
  split_.train.push_back(split_.test.back());
  split_.test.pop_back();
  EXPECT_THAT(found(), Contains("repetition-pair train/test"));
}

TEST_F(PlantedLeak, Leak04ByteIdenticalClipsOnBothSides) {
  test::clip_of(corpus_, split_.train[0]).audio_hash =
      test::clip_of(corpus_, split_.test[0]).audio_hash;
  EXPECT_THAT(found(), Contains("identical-audio train/test"));
}

TEST_F(PlantedLeak, Leak06ValidationMadeOfCopiesOfTrainingClips) {
  test::clip_of(corpus_, split_.validation[0]).audio_hash =
      test::clip_of(corpus_, split_.train[0]).audio_hash;
  EXPECT_THAT(found(), Contains("identical-audio train/validation"));
}

TEST_F(PlantedLeak, Leak06AVariantNamedOnTheValidationSide) {
  const std::string variant = split_.train[0] + "+1";
  rows_.push_back(row(variant, split_.train[0]));
  split_.validation.push_back(variant);
  EXPECT_THAT(found(), Contains("not-in-corpus validation"));
}

TEST_F(PlantedLeak, Leak06AVariantOfAValidationClip) {
  rows_.push_back(row(split_.validation[0] + "+1", split_.validation[0]));
  EXPECT_THAT(found(), Contains("variant-outside-train dataset"));
}

TEST_F(PlantedLeak, AHeldOutClipAmongTheSoundsForAugmentation) {
  const auto planted = [&](const std::string& clip) {
    Audit audit = audit_split(corpus_, split_);
    const std::vector<Sound> sounds{{"noise/rain.wav", "of no clip"},
                                    {"noise/voice.flac", test::clip_of(corpus_, clip).audio_hash}};
    audit_sounds(sounds, corpus_, split_, audit);
    return leaks(audit);
  };
  EXPECT_THAT(planted(split_.test[0]), Contains("held-out-sound dataset"));
  EXPECT_THAT(planted(split_.validation[0]), Contains("held-out-sound dataset"));
  EXPECT_THAT(planted(split_.train[0]), testing::IsEmpty());
}

TEST_F(PlantedLeak, Leak09TheSoundOfTheVideoOfATestClip) {
  Clip video = test::clip_of(corpus_, split_.test[0]);
  video.id = "01" + video.id.substr(2);
  video.audio_hash = "other samples of the same performance";
  corpus_.clips.push_back(video);
  split_.train.push_back(video.id);
  rows_.push_back(row(video.id, video.id));
  EXPECT_THAT(found(), Contains("same-take train/test"));
}

TEST(PlantedInAFolder, Leak09SoundOfVideosIsNotRead) {
  const test::ScratchFolder folder;
  test::write_audio(folder / "03-01-05-01-01-01-01.wav", test::tone(200));
  test::write_audio(folder / "01-01-05-01-01-01-01.wav", test::tone(200));
  test::write_audio(folder / "02-01-05-01-01-01-01.wav", test::tone(200));
  const Corpus corpus = scan_corpus(folder.path(), {.progress = false});
  ASSERT_EQ(corpus.defects.size(), 2U);
  EXPECT_THAT(corpus.defects[0].reason, HasSubstr("modality 01"));
  EXPECT_THROW(refuse_defects(corpus, 0), Error);
}

TEST_F(PlantedLeak, Leak10StrataKnowTheChannel) {
  // Song has no disgust and no surprise: drawn by emotion and channel, both sides have its share.
  const Split split = make_split(corpus_, {});
  std::size_t songs = 0;
  for (const std::string& id : split.test) songs += test::clip_of(corpus_, id).channel == "song";
  EXPECT_EQ(songs, 88U);  // .2 of 440
}

TEST_F(PlantedLeak, Leak11AnotherClassSet) {
  ClassConfig seven;
  seven.preset = "seven";
  apply_classes(corpus_, seven);
  EXPECT_THAT(found(), Contains("other-classes corpus"));
  EXPECT_THROW(check_split(split_, corpus_), Error);
}

TEST_F(PlantedLeak, AClipOnNoSide) {
  split_.train.pop_back();
  EXPECT_THAT(found(), Contains("not-in-split corpus"));
  EXPECT_THROW(check_split(split_, corpus_), Error);
}

TEST(PlantedInAFolder, Leak13AnotherFileOrderGivesTheSameSplit) {
  std::vector<std::string> hashes;
  for (const bool backwards : {false, true}) {
    const test::ScratchFolder folder;
    std::vector<int> numbers;
    for (int i = 0; i < 64; ++i) numbers.push_back(i);
    if (backwards) std::ranges::reverse(numbers);
    for (const int i : numbers) {
      // Other folders too: the order of paths must not count either.
      const std::string place = backwards ? fmt::format("z{}/", 63 - i) : "";
      test::write_audio(folder / fmt::format("{}03-01-{:02}-01-{:02}-{:02}-{:02}.wav", place,
                                             i % 2 + 2, i / 2 % 2 + 1, i / 4 % 2 + 1, i / 8 + 1),
                        test::tone(100 + i, 400));
    }
    hashes.push_back(make_split(scan_corpus(folder.path(), {.progress = false}), {}).hash());
  }
  EXPECT_EQ(hashes[0], hashes[1]);
}

}  // namespace
}  // namespace parlando::data
