#include "preprocess/synth/plan.h"

#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/data/ravdess.h"

namespace parlando::preprocess {
namespace {

std::map<std::pair<int, int>, int> cell_counts(const std::vector<SynthClip>& plan) {
  std::map<std::pair<int, int>, int> counts;
  for (const SynthClip& clip : plan) ++counts[{clip.channel, clip.emotion}];
  return counts;
}

TEST(SynthPlan, ClipsOf24ActorsAreTheGridOfRavdess) {
  const std::vector<SynthClip> plan = plan_clips(2496, 24);
  const std::map<std::pair<int, int>, int> counts = cell_counts(plan);
  ASSERT_EQ(counts.size(), 14U);
  for (const auto& [cell, count] : counts) EXPECT_EQ(count, cell.second == 1 ? 96 : 192);
  for (const SynthClip& clip : plan) {
    EXPECT_FALSE(clip.channel == 2 && clip.emotion > 6) << clip.id();
    EXPECT_FALSE(clip.emotion == 1 && clip.intensity == 2) << clip.id();
  }
}

TEST(SynthPlan, HundredThousandNamesAreUniqueAndParse) {
  constexpr std::size_t kClips = 100'000;
  const int actors = default_actors(kClips);
  std::set<std::string> ids;
  std::set<std::uint64_t> codes;
  for (const SynthClip& clip : plan_clips(kClips, actors)) {
    ids.insert(clip.id());
    codes.insert(clip.code());
    const data::Clip parsed = data::parse_ravdess_name(clip.id());
    ASSERT_EQ(parsed.label, data::ravdess_classes()[static_cast<std::size_t>(clip.emotion - 1)]);
    ASSERT_EQ(parsed.channel, clip.channel == 1 ? "speech" : "song");
    ASSERT_EQ(std::stoi(parsed.speaker), clip.actor);
  }
  EXPECT_EQ(ids.size(), kClips);
  EXPECT_EQ(codes.size(), kClips);
}

TEST(SynthPlan, SmallCorporaHaveEveryStratumForEveryActor) {
  for (const std::size_t clips : {240U, 336U, 700U}) {
    const int actors = default_actors(clips);
    const std::vector<SynthClip> plan = plan_clips(clips, actors);
    EXPECT_EQ(plan.size(), clips);
    std::map<int, std::set<std::pair<int, int>>> cells_of_actor;
    std::map<int, int> intensities;
    std::map<int, int> statements;
    for (const SynthClip& clip : plan) {
      cells_of_actor[clip.actor].insert({clip.channel, clip.emotion});
      if (clip.emotion > 1) ++intensities[clip.intensity];
      ++statements[clip.statement];
    }
    EXPECT_EQ(cells_of_actor.size(), static_cast<std::size_t>(actors));
    for (const auto& [actor, cells] : cells_of_actor) EXPECT_EQ(cells.size(), 14U) << actor;
    // Of n clips one in two is of either kind; a quarter more or less still serves every breakdown.
    EXPECT_NEAR(intensities[1], intensities[2], static_cast<double>(clips) / 4);
    EXPECT_NEAR(statements[1], statements[2], static_cast<double>(clips) / 4);
    for (const auto& [cell, count] : cell_counts(plan)) EXPECT_GE(count, actors);
  }
}

TEST(SynthPlan, RepetitionsComeInPairs) {
  std::set<std::string> ids;
  for (const SynthClip& clip : plan_clips(672, 24)) ids.insert(clip.id());
  for (std::string id : ids) {
    id[16] = id[16] == '1' ? '2' : '1';
    EXPECT_TRUE(ids.contains(id)) << id;
  }
}

TEST(SynthPlan, TinyCorporaHaveTwoSpeakers) {
  for (std::size_t clips = 2; clips < 40; ++clips) {
    std::set<int> speakers;
    for (const SynthClip& clip : plan_clips(clips, default_actors(clips))) {
      speakers.insert(clip.actor);
    }
    EXPECT_GE(speakers.size(), 2U) << clips;
  }
}

TEST(SynthPlan, RefusesMoreClipsThanTheActorsGive) {
  EXPECT_EQ(plan_clips(104, 1).size(), 104U);
  try {
    plan_clips(105, 1);
    FAIL() << "not refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(std::string(error.what()).find("from 1 to 104 clips"), std::string::npos);
  }
  EXPECT_THROW(plan_clips(0, 24), Error);
  EXPECT_THROW(plan_clips(10, 0), Error);
}

}  // namespace
}  // namespace parlando::preprocess
