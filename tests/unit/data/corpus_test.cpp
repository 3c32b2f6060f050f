#include "common/data/corpus.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/data/scan.h"
#include "tests/unit/data/sample_corpus.h"

namespace parlando::data {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(CorpusOrder, IsSpeechFirstThenSpeakerByValueThenId) {
  std::vector<Clip> clips(5);
  const auto set = [&](std::size_t i, const char* channel, const char* speaker, const char* id) {
    clips[i].channel = channel;
    clips[i].speaker = speaker;
    clips[i].id = id;
  };
  set(0, "song", "01", "a");
  set(1, "speech", "100", "b");
  set(2, "speech", "20", "d");
  set(3, "speech", "20", "c");
  set(4, "speech", "03", "e");
  std::ranges::sort(clips, clip_before);
  std::vector<std::string> ids;
  for (const Clip& clip : clips) ids.push_back(clip.id);
  EXPECT_THAT(ids, ElementsAre("e", "c", "d", "b", "a"));
}

TEST(CorpusOrder, ListsSpeakersByValue) {
  const std::vector<std::string> names = speakers(test::sample_corpus(101));
  ASSERT_EQ(names.size(), 101U);
  EXPECT_EQ(names.front(), "01");
  EXPECT_EQ(names[98], "99");
  EXPECT_EQ(names.back(), "101");
}

TEST(CorpusHash, DoesNotDependOnWhereTheCorpusLies) {
  const Corpus corpus = test::sample_corpus(2);
  Corpus moved = corpus;
  moved.root = "/elsewhere";
  for (Clip& clip : moved.clips) {
    clip.path = "deeper/" + clip.path;
    clip.modified_ns += 1;
  }
  EXPECT_EQ(moved.hash(), corpus.hash());
}

TEST(CorpusHash, ChangesWithALabelAnAudioOrAMissingClip) {
  const Corpus corpus = test::sample_corpus(2);
  Corpus relabelled = corpus;
  relabelled.clips[7].label = "sad";
  ASSERT_EQ(corpus.clips[7].label, "calm");
  EXPECT_NE(relabelled.hash(), corpus.hash());
  Corpus other_audio = corpus;
  other_audio.clips[7].audio_hash = "other";
  EXPECT_NE(other_audio.hash(), corpus.hash());
  Corpus shorter = corpus;
  shorter.clips.pop_back();
  EXPECT_NE(shorter.hash(), corpus.hash());
}

TEST(CorpusClasses, AnUnknownLabelIsNamedWithTheKnownOnes) {
  const Corpus corpus = test::sample_corpus(1);
  EXPECT_EQ(corpus.class_index("surprised"), 7);
  try {
    corpus.class_index("bored");
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    EXPECT_THAT(error.what(), HasSubstr("'bored'"));
    EXPECT_THAT(error.what(), HasSubstr("neutral, calm"));
  }
}

TEST(CorpusDuplicates, AreGroupedByAudio) {
  Corpus corpus = test::sample_corpus(1);
  EXPECT_TRUE(corpus.duplicates().empty());
  corpus.clips[3].audio_hash = corpus.clips[50].audio_hash;
  corpus.clips[9].audio_hash = corpus.clips[50].audio_hash;
  EXPECT_THAT(corpus.duplicates(), ElementsAre(ElementsAre(3, 9, 50)));
}

TEST(CorpusWarnings, NameTwinsAndSilentClips) {
  Corpus corpus = test::sample_corpus(1);
  EXPECT_TRUE(corpus_warnings(corpus).empty());
  corpus.clips[3].audio_hash = corpus.clips[5].audio_hash;
  corpus.clips[8].peak = 0;
  EXPECT_THAT(corpus_warnings(corpus),
              ElementsAre("identical audio: " + corpus.clips[3].id + ", " + corpus.clips[5].id,
                          "silence, every sample is 0: " + corpus.clips[8].id));
}

}  // namespace
}  // namespace parlando::data
