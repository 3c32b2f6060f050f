#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/data/audit.h"
#include "common/data/split.h"
#include "tests/unit/data/sample_corpus.h"

namespace parlando::data {
namespace {

using ::testing::HasSubstr;

std::set<std::string> channels_of(Corpus& corpus, const std::vector<std::string>& side) {
  std::set<std::string> channels;
  for (const std::string& id : side) channels.insert(test::clip_of(corpus, id).channel);
  return channels;
}

SplitConfig config_of(const std::string& scheme, ChannelsConfig channels) {
  SplitConfig config;
  config.scheme = scheme;
  config.channels = std::move(channels);
  return config;
}

using Channels = std::set<std::string>;

TEST(ChannelSplit, AddsSongsOfTrainingActorsToSpeechOfUnknownOnes) {
  Corpus corpus = test::sample_corpus(24);
  const SplitConfig config = config_of("luna5", {{}, {"speech"}, {"speech"}});
  const Split split = make_split(corpus, config);
  EXPECT_EQ(channels_of(corpus, split.train), (Channels{"song", "speech"}));
  EXPECT_EQ(channels_of(corpus, split.validation), Channels{"speech"});
  EXPECT_EQ(channels_of(corpus, split.test), Channels{"speech"});
  EXPECT_EQ(split.test.size(), 5u * 60u);
  EXPECT_EQ(split.validation.size(), 2u * 60u);
  EXPECT_EQ(split.train.size(), 17u * 104u);
  EXPECT_EQ(split.dropped.size(), 7u * 44u);
  EXPECT_EQ(split.dropped.front().reason,
            "the validation side holds no clips of the channel 'song' (split.channels)");
  EXPECT_NO_THROW(check_split(split, corpus));
  EXPECT_TRUE(audit_split(corpus, split).clean());
}

TEST(ChannelSplit, DrawsTheSameTestClipsWhateverTrains) {
  const Corpus corpus = test::sample_corpus(8);
  const Split all = make_split(corpus, config_of("stratified", {{}, {}, {"song"}}));
  const Split speech =
      make_split(corpus, config_of("stratified", {{"speech"}, {"speech"}, {"song"}}));
  EXPECT_EQ(all.test, speech.test) << "rows of a study are compared on the same clips";
  EXPECT_LT(speech.train.size(), all.train.size());
  EXPECT_NE(all.hash(), speech.hash());
}

TEST(ChannelSplit, SurvivesItsFile) {
  const Corpus corpus = test::sample_corpus(8);
  const Split split = make_split(corpus, config_of("stratified", {{"speech"}, {}, {"song"}}));
  const Split again = split_from_json(split_to_json(split), "split");
  EXPECT_EQ(again.config.channels, split.config.channels);
  EXPECT_EQ(again.test, split.test);
  Json old = split_to_json(split);
  old.erase("channels");
  EXPECT_EQ(split_from_json(old, "split").config.channels, ChannelsConfig{});
}

TEST(ChannelSplit, RefusesAChannelThatTheCorpusHasNot) {
  Corpus corpus = test::sample_corpus(8);
  const auto refused = [&](const std::string& reason) {
    try {
      make_split(corpus, config_of("stratified", {{}, {}, {"sung"}}));
      FAIL() << "accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
      EXPECT_THAT(error.what(), HasSubstr(reason));
    }
  };
  refused("no clip of the corpus has the channel 'sung'; it has speech, song");
  for (Clip& clip : corpus.clips) clip.channel.clear();
  refused("it has none");
}

}  // namespace
}  // namespace parlando::data
