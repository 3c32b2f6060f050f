#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/audio/feature_extractor.h"
#include "common/config/config.h"
#include "common/core/error.h"
#include "tests/unit/audio/sound_file.h"

namespace parlando::audio {
namespace {

using test::tone;
using testing::HasSubstr;

DecodedAudio mono(std::vector<float> samples, std::int64_t rate = 22050) {
  const auto count = static_cast<std::int64_t>(samples.size());
  return {rate, 1, count, 1, std::move(samples)};
}

FeatureRecipe three_seconds() {
  FeatureRecipe recipe;
  recipe.waveform.duration = 3;
  recipe.waveform.fix_length = 66150;
  return recipe;
}

/// The message of the Error(kind) that the call ends with.
template <class Call>
std::string reason(ErrorKind kind, Call call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return "";
}

TEST(FeatureExtractor, LaysFramesOutInTime) {
  FeatureExtractor extractor(three_seconds());
  // Silence, then a tone: the first frames are the quiet ones, in every row.
  auto samples = std::vector<float>(33075, 0.0F);
  const auto sound = tone(1000, 22050, 33075);
  samples.insert(samples.end(), sound.begin(), sound.end());
  const FeatureMatrix features = extractor.extract(mono(samples));
  ASSERT_EQ(features.frames, 130U);
  ASSERT_EQ(features.rows, 128U);
  ASSERT_EQ(features.values.size(), 130U * 128U);
  EXPECT_EQ(*std::max_element(features.values.begin(), features.values.end()), 0.0F);
  for (std::size_t r = 0; r < 128; ++r) EXPECT_EQ(features.values[r], -80.0F) << r;
  const auto late = features.values.begin() + 100 * 128;
  const auto loudest = std::max_element(late, late + 128) - late;
  // 1000 Hz is 15 mel of hz_to_mel(11025) = 49.9, on 129 steps: near row 15 / 49.9 * 129 - 1.
  EXPECT_NEAR(static_cast<double>(loudest), 38, 1);
}

TEST(FeatureExtractor, NamesItsRows) {
  FeatureRecipe recipe;
  recipe.features = {MelRecipe{{.n_mels = 2}},
                     LogMelRecipe{{.n_mels = 1}},
                     {MelRecipe{{.n_mels = 1}}, "coarse"},
                     DeltaRecipe{.of = "mel"},
                     DeltaRecipe{.of = "log_mel", .order = 2}};
  EXPECT_THAT(FeatureExtractor(recipe).row_names(),
              testing::ElementsAre("mel_0", "mel_1", "log_mel_0", "coarse_0", "mel_delta_0",
                                   "mel_delta_1", "log_mel_delta2_0"));
}

TEST(FeatureExtractor, StacksBlocksAsIfEachWereAlone) {
  FeatureRecipe both;
  both.features = {MelRecipe{{.n_mels = 40}},
                   LogMelRecipe{{.n_mels = 20, .stft = {.n_fft = 1024}}}};
  const auto audio = mono(tone(300, 24000, 24000), 24000);
  const FeatureMatrix stacked = FeatureExtractor(both).extract(audio);
  ASSERT_EQ(stacked.rows, 60U);
  std::size_t offset = 0;
  for (const FeatureBlock& block : both.features) {
    FeatureRecipe one;
    one.features = {block};
    const FeatureMatrix alone = FeatureExtractor(one).extract(audio);
    ASSERT_EQ(alone.frames, stacked.frames);
    for (std::size_t t = 0; t < alone.frames; ++t) {
      for (std::size_t r = 0; r < alone.rows; ++r) {
        EXPECT_EQ(stacked.values[t * 60 + offset + r], alone.values[t * alone.rows + r]);
      }
    }
    offset += alone.rows;
  }
}

TEST(FeatureExtractor, KnowsTheFramesFromTheHeaderAlone) {
  for (const bool fixed : {false, true}) {
    FeatureRecipe recipe;
    recipe.waveform.duration = fixed ? 3 : 0;
    recipe.waveform.fix_length = fixed ? 66150 : 0;
    FeatureExtractor extractor(recipe);
    for (const std::int64_t rate : {16000, 22050, 24000, 48000}) {
      for (const std::size_t samples : {1, 511, 512, 24000, 100001}) {
        const auto audio = mono(std::vector<float>(samples, 0.1F), rate);
        EXPECT_EQ(extractor.extract(audio).frames, extractor.max_frames(rate, audio.samples));
      }
    }
  }
}

TEST(FeatureExtractor, NeedsNoMoreThanItsDuration) {
  FeatureExtractor extractor(three_seconds());
  EXPECT_EQ(extractor.seconds_needed(), 3);
  const auto whole = tone(700, 24000, 24000 * 5);
  const std::vector<float> start(whole.begin(), whole.begin() + 24000 * 3);
  EXPECT_EQ(extractor.extract(mono(whole, 24000)).values,
            extractor.extract(mono(start, 24000)).values);
}

TEST(FeatureExtractor, GivesStereoTheFeaturesOfItsMean) {
  FeatureExtractor extractor(three_seconds());
  const auto left = tone(500, 24000, 24000, 0.5);
  const auto right = tone(2500, 24000, 24000, 0.25);
  DecodedAudio stereo{24000, 2, 24000, 1, {}};
  std::vector<float> mean;
  for (std::size_t i = 0; i < left.size(); ++i) {
    stereo.interleaved.insert(stereo.interleaved.end(), {left[i], right[i]});
    mean.push_back((left[i] + right[i]) / 2);
  }
  EXPECT_EQ(extractor.extract(stereo).values, extractor.extract(mono(mean, 24000)).values);
}

TEST(FeatureExtractor, GivesSilenceZeroDecibels) {
  FeatureExtractor extractor(three_seconds());
  EXPECT_THAT(extractor.extract(mono(std::vector<float>(22050, 0.0F))).values, testing::Each(0.0F));
}

TEST(FeatureExtractor, StagesAreRowsFirst) {
  FeatureExtractor extractor(three_seconds());
  const auto audio = mono(tone(1000, 22050, 22050));
  const FeatureMatrix features = extractor.extract(audio);
  const FeatureMatrix stage = extractor.stage(audio, "log_mel");
  ASSERT_EQ(stage.rows, 128U);
  ASSERT_EQ(stage.frames, 130U);
  for (std::size_t t = 0; t < 130; ++t) {
    for (std::size_t r = 0; r < 128; ++r) {
      ASSERT_EQ(stage.values[r * 130 + t], features.values[t * 128 + r]);
    }
  }
  EXPECT_EQ(extractor.stage(audio, "waveform").values.size(), 66150U);
  EXPECT_EQ(extractor.stage(audio, "stft").rows, 1025U);
}

TEST(FeatureExtractor, ListsTheStagesForAnUnknownOne) {
  FeatureExtractor extractor(three_seconds());
  const auto message = reason(ErrorKind::usage, [&] { extractor.stage(mono({0.1F}), "mel_powr"); });
  EXPECT_THAT(message, testing::AllOf(HasSubstr("mel_powr"), HasSubstr("log_mel")));
}

TEST(FeatureExtractor, RefusesSamplesWhosePowerOverflows) {
  FeatureExtractor extractor(three_seconds());
  const auto message =
      reason(ErrorKind::data, [&] { extractor.extract(mono(tone(1000, 22050, 22050, 1e25))); });
  EXPECT_THAT(message, HasSubstr("too large"));
}

TEST(FeatureRecipe, RefusesContradictions) {
  const auto refusal = [](const std::string& yaml) {
    return reason(ErrorKind::usage, [&] { parse_config<FeatureRecipe>(yaml, "recipe.yaml"); });
  };
  EXPECT_THAT(refusal("features: []"), HasSubstr("at least one block"));
  EXPECT_THAT(refusal("features: [{block: log_mel, n_fft: 2047}]"), HasSubstr("n_fft"));
  EXPECT_THAT(refusal("features: [{block: log_mel, fmax: 12000}]"), HasSubstr("fmax"));
  EXPECT_THAT(refusal("features: [{block: log_mel, fmin: 5000, fmax: 4000}]"), HasSubstr("fmin"));
  EXPECT_THAT(
      refusal("features: [{block: log_mel}, {block: log_mel, name: short, hop_length: 256}]"),
      testing::AllOf(HasSubstr("hop_length"), HasSubstr("'log_mel'"), HasSubstr("short")));
  EXPECT_THAT(refusal("features: [{block: rms}, {block: rms}]"), HasSubstr("another 'name'"));
  EXPECT_THAT(refusal("features: [{block: delta}]"), HasSubstr("'mfcc'"));
  EXPECT_THAT(refusal("features: [{block: mel, ref: max}]"), HasSubstr("unknown key 'ref'"));
  EXPECT_THAT(refusal("features: [{block: mell}]"), HasSubstr("mell"));
  EXPECT_THAT(refusal("waveform: {sample_rate: 10}"), HasSubstr("sample_rate"));
}

}  // namespace
}  // namespace parlando::audio
