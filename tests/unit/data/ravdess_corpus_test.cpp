#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <limits>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/data/audit.h"
#include "common/data/scan.h"
#include "common/data/split.h"

namespace parlando::data {
namespace {

using ::testing::ElementsAre;

constexpr const char* kTwin1 = "03-01-03-01-02-01-07";
constexpr const char* kTwin2 = "03-01-03-01-02-02-07";

/// The real corpus, in the folder that the environment variable RAVDESS names; scanned once.
class RavdessCorpus : public testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("RAVDESS");
    if (folder == nullptr) GTEST_SKIP() << "RAVDESS is not set: it names the folder of the corpus";
    folder_ = folder;
  }
  const Corpus& corpus() const {
    static const Corpus scanned = scan_corpus(folder_, {.progress = false});
    return scanned;
  }

  std::filesystem::path folder_;
};

TEST_F(RavdessCorpus, HasThePublishedClips) {
  std::map<std::string, int> channels;
  std::map<std::string, int> emotions;
  for (const Clip& clip : corpus().clips) {
    ++channels[clip.channel];
    ++emotions[clip.label];
  }
  EXPECT_EQ(corpus().clips.size(), 2452U);
  EXPECT_TRUE(corpus().defects.empty());
  EXPECT_EQ(channels["speech"], 1440);
  EXPECT_EQ(channels["song"], 1012);
  EXPECT_EQ(emotions["neutral"], 188);
  EXPECT_EQ(emotions["fearful"], 376);
  EXPECT_EQ(emotions["surprised"], 192);
  EXPECT_EQ(speakers(corpus()).size(), 24U);
}

TEST_F(RavdessCorpus, HasSixStereoClipsAndOnePairOfTwins) {
  const auto stereo =
      std::ranges::count_if(corpus().clips, [](const Clip& clip) { return clip.channels == 2; });
  EXPECT_EQ(stereo, 6);
  EXPECT_THAT(corpus_warnings(corpus()),
              ElementsAre(std::string("identical audio: ") + kTwin1 + ", " + kTwin2));
}

TEST_F(RavdessCorpus, TwinsNeverStandOnTwoSides) {
  int dropped = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    SplitConfig config;
    config.seed = seed;
    const Split split = make_split(corpus(), config);
    EXPECT_TRUE(audit_split(corpus(), split).clean()) << "seed " << seed;
    EXPECT_EQ(split.test.size(), 491U);
    dropped += static_cast<int>(split.dropped.size());
    for (const DroppedClip& clip : split.dropped) {
      EXPECT_TRUE(clip.id == kTwin1 || clip.id == kTwin2) << clip.id;
    }
  }
  EXPECT_GT(dropped, 0) << "in ten draws the twins fall on different sides at least once";
}

TEST_F(RavdessCorpus, EverySchemeIsClean) {
  for (const char* scheme : {"stratified", "stratified-pairs", "kfold", "kfold-pairs", "luna5",
                             "emobox6", "loso", "group-kfold", "stratified-group-kfold"}) {
    SplitConfig config;
    config.scheme = scheme;
    for (config.fold = 0; config.fold < fold_count(corpus(), config); ++config.fold) {
      EXPECT_TRUE(audit_split(corpus(), make_split(corpus(), config)).clean())
          << scheme << " fold " << config.fold;
    }
  }
}

TEST_F(RavdessCorpus, IsScannedAgainWithoutDecoding) {
  corpus();
  // The best of three: what the scan costs, not what else the machine does.
  double best = std::numeric_limits<double>::infinity();
  for (int attempt = 0; attempt < 3; ++attempt) {
    const auto start = std::chrono::steady_clock::now();
    const Corpus again = scan_corpus(folder_, {.progress = false, .cache = &corpus()});
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    EXPECT_EQ(again.hash(), corpus().hash());
    best = std::min(best, seconds.count());
  }
  EXPECT_LT(best, 0.5);
}

}  // namespace
}  // namespace parlando::data
