#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include <gtest/gtest.h>

#include "common/audio/feature_extractor.h"
#include "preprocess/synth/performance.h"
#include "preprocess/synth/plan.h"
#include "preprocess/synth/render.h"
#include "tests/unit/preprocess/synth/logistic_regression.h"

namespace parlando::preprocess {
namespace {

using parlando::test::LogisticRegression;
using parlando::test::Row;

/// Features and labels of the speakers of one side.
struct ProbeSide {
  std::vector<Row> mean;            ///< of the log-mel bands over time
  std::vector<Row> mean_deviation;  ///< and their standard deviations
  std::vector<Row> halves;          ///< second half of the utterance minus the first
  std::vector<int> emotion;
  std::vector<int> sex;
};

struct ProbeData {
  ProbeSide train, test;
};

void add_clip(const SynthClip& clip, audio::FeatureExtractor& extractor, ProbeSide& side) {
  constexpr std::uint64_t kSeed = 1;
  const Performance performance = draw_performance(kSeed, clip);
  audio::DecodedAudio sound{
      performance.sample_rate, 1, static_cast<std::int64_t>(performance.samples), 1, {}};
  for (const std::int16_t value : render(performance, kSeed, clip.code())) {
    sound.interleaved.push_back(static_cast<float>(value) / 32768.0F);
  }
  const audio::FeatureMatrix mel = extractor.extract(sound);
  const double frames_per_second = static_cast<double>(mel.frames) / 3.0;
  const auto middle =
      static_cast<std::size_t>((performance.onset + performance.length / 2) * frames_per_second);
  Row mean(mel.rows);
  Row square(mel.rows);
  Row difference(mel.rows);
  const double n = static_cast<double>(mel.frames);
  for (std::size_t t = 0; t < mel.frames; ++t) {
    for (std::size_t r = 0; r < mel.rows; ++r) {
      const double value = mel.values[t * mel.rows + r];
      mean[r] += value / n;
      square[r] += value * value / n;
      difference[r] += t < middle ? -value / static_cast<double>(middle)
                                  : value / static_cast<double>(mel.frames - middle);
    }
  }
  Row both = mean;
  for (std::size_t r = 0; r < mel.rows; ++r) {
    both.push_back(std::sqrt(std::max(0.0, square[r] - mean[r] * mean[r])));
  }
  side.mean.push_back(mean);
  side.mean_deviation.push_back(both);
  side.halves.push_back(difference);
  side.emotion.push_back(clip.emotion - 1);
  side.sex.push_back(clip.actor % 2);
}

/// Speakers 1 to 18 train, 19 to 24 test; log-mel features of the mel128 recipe.
const ProbeData& probe_data() {
  static const ProbeData data = [] {
    audio::FeatureRecipe recipe;
    recipe.waveform.duration = 3;
    recipe.waveform.fix_length = 66150;
    audio::FeatureExtractor extractor(recipe);
    ProbeData result;
    for (const SynthClip& clip : plan_clips(480, 24)) {
      add_clip(clip, extractor, clip.actor <= 18 ? result.train : result.test);
    }
    return result;
  }();
  return data;
}

double probe(const char* name, const std::vector<Row>& train, const std::vector<int>& train_labels,
             const std::vector<Row>& test, const std::vector<int>& test_labels, int classes) {
  const double score =
      LogisticRegression(train, train_labels, classes, 0.1).score(test, test_labels);
  std::printf("linear probe, %s: %.3f\n", name, score);
  return score;
}

TEST(LinearProbe, TimeAveragesDoNotTellTheEmotion) {
  const auto& [train, test] = probe_data();
  EXPECT_LE(probe("mean", train.mean, train.emotion, test.mean, test.emotion, 8), 0.6);
  EXPECT_LE(probe("mean and deviation", train.mean_deviation, train.emotion, test.mean_deviation,
                  test.emotion, 8),
            0.6);
}

// The same classifier does learn what these features hold, so a low score above means something.
TEST(LinearProbe, TimeAveragesTellTheSexOfTheSpeaker) {
  const auto& [train, test] = probe_data();
  EXPECT_GE(probe("sex from mean", train.mean, train.sex, test.mean, test.sex, 2), 0.85);
}

TEST(LinearProbe, TheOrderInTimeTellsMuchOfTheEmotion) {
  const auto& [train, test] = probe_data();
  EXPECT_GE(probe("halves", train.halves, train.emotion, test.halves, test.emotion, 8), 0.6);
}

}  // namespace
}  // namespace parlando::preprocess
