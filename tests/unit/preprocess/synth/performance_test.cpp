#include "preprocess/synth/performance.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "preprocess/synth/render.h"

namespace parlando::preprocess {
namespace {

/// Directions of pitch, level, brightness and tempo, as bits.
unsigned cues_of(const Performance& performance) {
  const Syllable& first = performance.syllables.front();
  const Syllable& last = performance.syllables.back();
  return (performance.pitch.slope > 0 ? 1U : 0U) | (performance.level.slope > 0 ? 2U : 0U) |
         (performance.tilt.slope < 0 ? 4U : 0U) |
         (last.end - last.start < first.end - first.start ? 8U : 0U);
}

std::map<int, unsigned> cues_of_emotions() {
  std::map<int, unsigned> cues;
  for (int emotion = 1; emotion <= 8; ++emotion) {
    cues[emotion] = cues_of(draw_performance(1, {.emotion = emotion}));
  }
  return cues;
}

TEST(Performance, EveryEmotionHasItsOppositeAndDiffersFromOthersInTwoCues) {
  const std::map<int, unsigned> cues = cues_of_emotions();
  const std::map<int, int> opposites{{1, 2}, {2, 1}, {3, 4}, {4, 3},
                                     {5, 6}, {6, 5}, {7, 8}, {8, 7}};
  for (const auto& [emotion, code] : cues) {
    EXPECT_EQ(cues.at(opposites.at(emotion)), 15U - code) << emotion;
    for (const auto& [other, other_code] : cues) {
      if (other == emotion) continue;
      EXPECT_GE(std::popcount(code ^ other_code), 2) << emotion << ' ' << other;
    }
  }
}

TEST(Performance, CuesHoldForEverySpeakerChannelAndIntensity) {
  const std::map<int, unsigned> cues = cues_of_emotions();
  for (const SynthClip& clip : plan_clips(2496, 24)) {
    EXPECT_EQ(cues_of(draw_performance(3, clip)), cues.at(clip.emotion)) << clip.id();
  }
}

TEST(Performance, UtteranceEndsWithinTheThreeSecondsThatRecipesRead) {
  for (const SynthClip& clip : plan_clips(2496, 24)) {
    const Performance performance = draw_performance(2, clip);
    EXPECT_LT(performance.onset + performance.length, 3.0) << clip.id();
    EXPECT_NEAR(performance.syllables.back().end, performance.onset + performance.length, 1e-9);
  }
}

TEST(Performance, FormatsAreMixed) {
  std::map<std::int64_t, int> rates;
  int stereo = 0;
  int flac = 0;
  for (const SynthClip& clip : plan_clips(700, 24)) {
    const Performance performance = draw_performance(1, clip);
    ++rates[performance.sample_rate];
    stereo += performance.channels == 2 ? 1 : 0;
    flac += performance.flac ? 1 : 0;
  }
  EXPECT_EQ(rates.size(), 5U);
  EXPECT_GT(stereo, 5);
  EXPECT_GT(flac, 5);
}

TEST(Render, PeakIsTheOneAskedForAndSilenceSurroundsTheVoice) {
  const SynthClip clip{.channel = 1, .emotion = 5, .actor = 3};
  const Performance performance = draw_performance(1, clip);
  const std::vector<std::int16_t> sound = render(performance, 1, clip.code());
  ASSERT_EQ(sound.size(), performance.samples);
  int largest = 0;
  for (const std::int16_t value : sound) largest = std::max(largest, std::abs(int{value}));
  EXPECT_NEAR(largest, 32767 * performance.peak, 1);  // one step of 16 bits
  const auto onset =
      static_cast<std::size_t>(performance.onset * static_cast<double>(performance.sample_rate));
  int before = 0;
  for (std::size_t i = 0; i + 200 < onset; ++i) before = std::max(before, std::abs(int{sound[i]}));
  EXPECT_GT(before, 0);  // the room is not digitally silent
  EXPECT_LT(before, largest / 5);
}

TEST(Render, SpeedIsThatOfHundredsOfClipsASecond) {
  const std::vector<SynthClip> plan = plan_clips(60, 12);
  const auto start = std::chrono::steady_clock::now();
  std::size_t samples = 0;
  for (const SynthClip& clip : plan) {
    samples += render(draw_performance(1, clip), 1, clip.code()).size();
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const double milliseconds = 1000 * seconds / static_cast<double>(plan.size());
  std::printf("%.2f ms a clip of %zu samples\n", milliseconds, samples / plan.size());
  RecordProperty("milliseconds_a_clip", std::to_string(milliseconds));
  // About 2 ms on one core of 2024; the bound leaves room for debug builds, sanitizers and busy
  // machines.
  EXPECT_LT(milliseconds, 200);
}

}  // namespace
}  // namespace parlando::preprocess
