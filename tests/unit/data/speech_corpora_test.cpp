#include "common/data/speech_corpora.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/data/layout.h"
#include "common/data/scan.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/data/audio_file.h"

namespace parlando::data {
namespace {

using ::testing::HasSubstr;

/// A layout with the names of one small corpus.
struct Case {
  const char* layout;
  const char* corpus;
  std::vector<std::string> paths;
};

class LayoutOf : public testing::TestWithParam<Case> {
 protected:
  Corpus scan(const std::string& layout) const {
    double pitch = 150;
    for (const std::string& path : GetParam().paths) {
      test::write_audio(folder_ / path, test::tone(pitch += 10));
    }
    return scan_corpus(folder_.path(), {.progress = false, .labels = {.layout = layout}});
  }
  test::ScratchFolder folder_;
};

TEST_P(LayoutOf, IsFoundByItself) {
  const Corpus corpus = scan("auto");
  EXPECT_EQ(corpus.name, GetParam().corpus);
  EXPECT_EQ(corpus.clips.size(), GetParam().paths.size());
  EXPECT_TRUE(corpus.defects.empty());
  for (const Clip& clip : corpus.clips) {
    EXPECT_NO_THROW(corpus.class_index(clip.label)) << clip.id;
    EXPECT_FALSE(clip.speaker.empty());
    EXPECT_EQ(clip.channel, "speech");
  }
}

TEST_P(LayoutOf, IsTakenWhenNamed) {
  EXPECT_EQ(scan(GetParam().layout).name, GetParam().corpus);
}

TEST_P(LayoutOf, RefusesForeignNamesOneByOne) {
  test::write_audio(folder_ / "holiday.wav", test::tone(90));
  const Corpus corpus = scan("auto");
  ASSERT_EQ(corpus.defects.size(), 1U);
  EXPECT_EQ(corpus.defects[0].path, "holiday.wav");
  EXPECT_EQ(corpus.clips.size(), GetParam().paths.size());
}

INSTANTIATE_TEST_SUITE_P(
    Corpora, LayoutOf,
    testing::Values(
        Case{"emodb", "EMO-DB", {"wav/03a01Fa.wav", "wav/08b10Wc.wav", "wav/16a07La.wav"}},
        Case{"crema-d",
             "CREMA-D",
             {"AudioWAV/1001_DFA_ANG_XX.wav", "AudioWAV/1002_IEO_SAD_HI.wav",
              "AudioWAV/1040_ITH_SAD_X.wav"}},
        Case{"tess",
             "TESS",
             {"OAF_angry/OAF_back_angry.wav", "YAF_ps/YAF_youth_ps.wav",
              "OAF_n/OA_bite_neutral.wav"}},
        Case{"savee", "SAVEE", {"ALL/DC_a01.wav", "ALL/JE_su15.wav", "ALL/KL_n30.wav"}},
        Case{"savee", "SAVEE", {"AudioData/DC/a01.wav", "AudioData/JE/a01.wav"}},
        Case{"ravdess", "RAVDESS", {"Actor_01/03-01-05-01-01-01-01.wav"}}),
    [](const auto& tested) {
      std::string name = tested.param.corpus;
      std::erase(name, '-');
      return name + std::to_string(tested.index);
    });

TEST(Emodb, ReadsTheGermanLetters) {
  const std::pair<const char*, const char*> letters[]{
      {"W", "angry"}, {"L", "bored"}, {"E", "disgust"}, {"A", "fearful"},
      {"F", "happy"}, {"T", "sad"},   {"N", "neutral"}};
  for (const auto& [letter, label] : letters) {
    EXPECT_EQ(parse_emodb("13b02" + std::string(letter) + "b.wav").label, label);
  }
  const Clip clip = parse_emodb("wav/08b10Wc.wav");
  EXPECT_EQ(clip.id, "08b10Wc");
  EXPECT_EQ(clip.speaker, "08");
  EXPECT_EQ(clip.sex, "female");
  EXPECT_EQ(clip.statement, "b10");
  EXPECT_EQ(clip.repetition, "c");
  EXPECT_EQ(clip.language, "de");
  EXPECT_EQ(parse_emodb("15a01Na.wav").sex, "male");
}

TEST(Emodb, KnowsItsTenSpeakers) {
  EXPECT_THROW(parse_emodb("07a01Na.wav"), Error);
  EXPECT_THROW(parse_emodb("03a01Xa.wav"), Error);
}

TEST(Cremad, ReadsEmotionAndIntensity) {
  const Clip clip = parse_cremad("1091_WSI_HAP_MD.wav");
  EXPECT_EQ(clip.label, "happy");
  EXPECT_EQ(clip.speaker, "1091");
  EXPECT_EQ(clip.statement, "WSI");
  EXPECT_EQ(clip.intensity, "medium");
  EXPECT_EQ(parse_cremad("1001_DFA_ANG_XX.wav").intensity, "");
  EXPECT_THROW(parse_cremad("1001_DFA_BOR_XX.wav"), Error);
}

TEST(Tess, ReadsActressWordAndEmotion) {
  const Clip clip = parse_tess("YAF_youth_ps.wav");
  EXPECT_EQ(clip.label, "surprised");
  EXPECT_EQ(clip.speaker, "YAF");
  EXPECT_EQ(clip.sex, "female");
  EXPECT_EQ(clip.statement, "youth");
  EXPECT_EQ(parse_tess("OAF_back_fear.wav").label, "fearful");
  EXPECT_THROW(parse_tess("MAN_back_fear.wav"), Error);
}

TEST(Savee, GivesTheSameClipOneIdInBothLayouts) {
  const Clip flat = parse_savee("ALL/DC_sa12.wav");
  const Clip nested = parse_savee("AudioData/DC/sa12.wav");
  EXPECT_EQ(flat.id, "DC_sa12");
  EXPECT_EQ(nested.id, flat.id);
  EXPECT_EQ(nested.label, "sad");
  EXPECT_EQ(nested.sex, "male");
  EXPECT_THROW(parse_savee("AudioData/XY/sa12.wav"), Error);
  EXPECT_THROW(parse_savee("sa12.wav"), Error);
}

TEST(Layouts, AnUnknownNameListsTheKnown) {
  try {
    static_cast<void>(choose_layout("iemocap", {}));
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.what(), HasSubstr("emodb"));
  }
}

}  // namespace
}  // namespace parlando::data
