#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/audio/blocks/feature_block.h"
#include "common/audio/feature_extractor.h"
#include "common/audio/savgol.h"
#include "common/config/config.h"
#include "common/core/error.h"
#include "tests/unit/audio/sound_file.h"

namespace parlando::audio {
namespace {

using test::tone;
using testing::AllOf;
using testing::HasSubstr;

DecodedAudio mono(std::vector<float> samples) {
  const auto count = static_cast<std::int64_t>(samples.size());
  return {22050, 1, count, 1, std::move(samples)};
}

/// The message of the Error(usage) that reading the recipe ends with.
std::string refusal(const std::string& yaml) {
  try {
    parse_config<FeatureRecipe>(yaml, "recipe.yaml");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage) << error.what();
    return error.what();
  }
  return "";
}

TEST(Blocks, HaveTheKeysOfTheirKindAlone) {
  EXPECT_THAT(refusal("features: [{block: mfcc, n_mfc: 3}]"), HasSubstr("did you mean 'n_mfcc'?"));
  EXPECT_THAT(refusal("features: [{block: rms, n_fft: 1024}]"), HasSubstr("unknown key 'n_fft'"));
  EXPECT_THAT(refusal("features: [{block: mell}]"), AllOf(HasSubstr("mell"), HasSubstr("log_mel")));
}

TEST(Blocks, NeedTheirKind) {
  EXPECT_THAT(refusal("features:\n  - {block: rms}\n  - {n_mels: 64}"),
              AllOf(HasSubstr("recipe.yaml:3: features.1"), HasSubstr("'block' is missing"),
                    HasSubstr("log_mel")));
  EXPECT_THAT(refusal("features: [{}]"), HasSubstr("'block' is missing"));
}

TEST(Blocks, RefuseKeysThatContradictEachOther) {
  EXPECT_THAT(refusal("features: [{block: mfcc, n_mfcc: 129}]"), HasSubstr("128 mel bands"));
  EXPECT_THAT(refusal("features: [{block: stft, win_length: 4096}]"), HasSubstr("win_length"));
  EXPECT_THAT(refusal("features: [{block: log_mel, ref: loud}]"), HasSubstr("ref: 'loud'"));
  EXPECT_THAT(refusal("features: [{block: mfcc}, {block: delta, width: 4}]"), HasSubstr("even"));
  EXPECT_THAT(refusal("features: [{block: spectral_contrast, n_bands: 9}]"), HasSubstr("n_bands"));
  EXPECT_THAT(refusal("features: [{block: spectral_contrast, fmin: 2}]"), HasSubstr("narrower"));
  EXPECT_THAT(refusal("functionals: [mena]"), HasSubstr("did you mean 'mean'?"));
}

TEST(Blocks, ThatDifferInTheirFramesAreNamedBoth) {
  EXPECT_THAT(refusal("features: [{block: mfcc}, {block: rms, hop_length: 256}]"),
              AllOf(HasSubstr("features.1 (rms)"), HasSubstr("'mfcc'"), HasSubstr("256")));
  EXPECT_THAT(refusal("features: [{block: mfcc}, {block: rms, center: false}]"),
              HasSubstr("'mfcc'"));
  EXPECT_EQ(refusal("features: [{block: mfcc, n_fft: 1024}, {block: rms}]"), "");
}

TEST(Blocks, SurviveBeingWrittenAndReadAgain) {
  for (const std::string& kind : block_kinds()) {
    if (kind == "external" || kind == "delta") continue;
    const std::string once =
        dump_config(parse_config<FeatureRecipe>("features: [{block: " + kind + "}]", "a"));
    EXPECT_EQ(dump_config(parse_config<FeatureRecipe>(once, "b")), once);
    EXPECT_THAT(describe_blocks(), HasSubstr(kind + ": "));
  }
}

TEST(Blocks, OfSilenceAreFinite) {
  FeatureRecipe recipe;
  recipe.features = {MfccRecipe{},
                     DeltaRecipe{},
                     RmsRecipe{},
                     ZeroCrossingRateRecipe{},
                     SpectralCentroidRecipe{},
                     SpectralBandwidthRecipe{},
                     SpectralRolloffRecipe{},
                     SpectralFlatnessRecipe{},
                     SpectralContrastRecipe{}};
  FeatureExtractor extractor(recipe);
  const FeatureMatrix features = extractor.extract(mono(std::vector<float>(22050, 0.0F)));
  EXPECT_EQ(features.rows, 53U);
  EXPECT_EQ(features.frames, 44U);
}

TEST(Blocks, OfAToneSayWhatItIs) {
  FeatureRecipe recipe;
  recipe.features = {RmsRecipe{}, ZeroCrossingRateRecipe{}, SpectralCentroidRecipe{},
                     SpectralRolloffRecipe{}};
  const FeatureMatrix features = FeatureExtractor(recipe).extract(mono(tone(1000, 22050, 22050)));
  const auto middle = features.values.begin() + 20 * 4;
  EXPECT_NEAR(middle[0], 0.5 / std::sqrt(2.0), 0.01);  // of amplitude 0.5
  EXPECT_NEAR(middle[1], 2 * 1000.0 / 22050, 1e-3);    // two changes a period
  EXPECT_NEAR(middle[2], 1000, 5);                     // Hz
  EXPECT_NEAR(middle[3], 1000, 2 * 22050.0 / 2048);    // Hz, within two bins
}

TEST(Delta, ExtendsTheSignalAsItsModeSays) {
  Spectrogram in;
  in.reshape(7, 1);
  in.values = {1, 4, 9, 16, 25, 36, 40};
  const auto delta = [&](SavgolMode mode) {
    Spectrogram out;
    DeltaFilter(5, 1, mode).apply(in, out);
    return out.values;
  };
  // scipy.signal.savgol_filter(x, 5, 1, deriv=1, mode=...)
  const auto near = [](std::vector<float> values) {
    return testing::Pointwise(testing::FloatNear(1e-5F), values);
  };
  EXPECT_THAT(delta(SavgolMode::interp), near({6, 6, 6, 8, 8.2F, 8.2F, 8.2F}));
  EXPECT_THAT(delta(SavgolMode::nearest), near({1.9F, 3.8F, 6, 8, 8.2F, 6.3F, 3.4F}));
  EXPECT_THAT(delta(SavgolMode::mirror),
              near({-1.0447e-17F, 3.2F, 6, 8, 8.2F, 5.5F, -4.1788e-16F}));
  EXPECT_THAT(delta(SavgolMode::constant), near({2.2F, 4, 6, 8, 8.2F, -1.7F, -8.6F}));
  EXPECT_THAT(delta(SavgolMode::wrap), near({-9, -4, 6, 8, 8.2F, -1.5F, -7.7F}));
}

TEST(Delta, OfAHighOrderIsExactOnItsPolynomial) {
  constexpr int kOrder = 8;
  double factorial = 1;
  for (int i = 2; i <= kOrder; ++i) factorial *= i;
  for (const std::size_t position : {std::size_t{0}, std::size_t{50}, std::size_t{100}}) {
    const std::vector<double> weights = savgol_weights(101, kOrder, kOrder, position);
    double sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      sum += weights[i] * std::pow(static_cast<double>(i) - 50, kOrder);
    }
    EXPECT_NEAR(sum / factorial, 1, 1e-9) << position;
  }
}

TEST(Waveform, IsReadFromItsOffset) {
  FeatureRecipe recipe;
  recipe.waveform.offset = 0.5;
  recipe.waveform.duration = 0.25;
  FeatureExtractor extractor(recipe);
  std::vector<float> ramp(22050);
  for (std::size_t i = 0; i < ramp.size(); ++i) ramp[i] = static_cast<float>(i);
  const FeatureMatrix waveform = extractor.stage(mono(ramp), "waveform");
  ASSERT_EQ(waveform.frames, 5512U);
  EXPECT_EQ(waveform.values.front(), 11025.0F);
  EXPECT_GE(extractor.seconds_needed(), 0.75);
  EXPECT_THROW(extractor.stage(mono({0.1F, 0.2F}), "waveform"), Error);
}

TEST(Waveform, IsTrimmedBeforeItsLengthIsFixed) {
  FeatureRecipe recipe;
  recipe.waveform.trim.emplace();
  recipe.waveform.fix_length = 30000;
  std::vector<float> samples(22050, 0.0F);
  const auto sound = tone(1000, 22050, 22050);
  samples.insert(samples.end(), sound.begin(), sound.end());
  FeatureExtractor extractor(recipe);
  const FeatureMatrix waveform = extractor.stage(mono(samples), "waveform");
  ASSERT_EQ(waveform.frames, 30000U);
  // The first frame that hears the tone is centred at most half a frame before it.
  EXPECT_EQ(std::vector<float>(waveform.values.begin(), waveform.values.begin() + 500),
            std::vector<float>(500, 0.0F));
  EXPECT_NE(waveform.values[1100], 0.0F);
}

}  // namespace
}  // namespace parlando::audio
