#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/audio/decibel.h"
#include "common/audio/fft.h"
#include "common/audio/kernels.h"
#include "common/audio/mono.h"
#include "common/audio/resampler.h"
#include "common/audio/stft.h"
#include "tests/unit/audio/sound_file.h"

namespace parlando::audio {
namespace {

using test::tone;

TEST(Mono, IsTheMeanOfTheChannels) {
  std::vector<float> mono;
  mix_to_mono({24000, 2, 3, 1, {0.5F, 0.25F, -1.0F, 1.0F, 0.1F, 0.1F}}, mono);
  EXPECT_EQ(mono, (std::vector<float>{0.375F, 0.0F, 0.1F}));
  mix_to_mono({24000, 1, 2, 0.5F, {0.5F, 0.25F}}, mono);
  EXPECT_EQ(mono, (std::vector<float>{0.5F, 0.25F}));
}

TEST(Resampler, GivesTheCeilingOfTheLength) {
  EXPECT_EQ(resampled_length(72000, 24000, 22050), 66150);
  EXPECT_EQ(resampled_length(144000, 48000, 22050), 66150);
  EXPECT_EQ(resampled_length(1, 48000, 22050), 1);
  EXPECT_EQ(resampled_length(140941, 48000, 22050), 64745);
  EXPECT_EQ(resampled_length(0, 48000, 22050), 0);
  EXPECT_EQ(resampled_length(7, 22050, 22050), 7);
}

TEST(Resampler, KeepsAToneWhateverTheRate) {
  Resampler resampler(22050);
  for (const int rate : {8000, 16000, 22050, 24000, 44100, 48000, 96000}) {
    std::vector<float> out;
    resampler.resample(tone(1000, rate, static_cast<std::size_t>(rate)), rate, out);
    ASSERT_EQ(out.size(), 22050U) << rate;
    const auto expected = tone(1000, 22050, 22050);
    double worst = 0;
    for (std::size_t i = 2000; i < 20000; ++i) {  // the ends ring
      worst = std::max(worst, std::abs(static_cast<double>(out[i] - expected[i])));
    }
    EXPECT_LT(worst, 1e-4) << rate;  // HQ is made for 16 bits: 2^-16 of full scale is 1.5e-5
  }
}

TEST(Resampler, GivesTheSameAgainAfterAnotherSignal) {
  Resampler resampler(22050);
  std::vector<float> first;
  std::vector<float> other;
  std::vector<float> again;
  resampler.resample(tone(500, 24000, 10000), 24000, first);
  resampler.resample(std::vector<float>(777, 1.0F), 24000, other);
  resampler.resample(tone(500, 24000, 10000), 24000, again);
  EXPECT_EQ(first, again);
}

TEST(Fft, OfASineHasItsBin) {
  RealFft fft(64);
  for (std::size_t i = 0; i < 64; ++i) {
    fft.input()[i] = std::sin(2 * std::numbers::pi * 5 * static_cast<double>(i) / 64);
  }
  const auto bins = fft.transform();
  ASSERT_EQ(bins.size(), 33U);
  for (std::size_t k = 0; k < bins.size(); ++k) {
    EXPECT_NEAR(std::abs(bins[k]), k == 5 ? 32.0 : 0.0, 1e-13) << k;
  }
}

TEST(Fft, IsUndoneByItsInverse) {
  for (const std::size_t n : {64U, 75U}) {
    RealFft fft(n);
    InverseRealFft inverse(n);
    std::vector<double> signal(n);
    for (std::size_t i = 0; i < n; ++i) signal[i] = std::sin(0.3 * static_cast<double>(i * i));
    std::ranges::copy(signal, fft.input().begin());
    std::ranges::copy(fft.transform(), inverse.input().begin());
    const std::span<const double> back = inverse.transform();
    for (std::size_t i = 0; i < n; ++i) EXPECT_NEAR(back[i], signal[i], 1e-14) << n << ": " << i;
  }
}

TEST(Fft, MayBePlannedInManyThreads) {
  std::vector<std::thread> threads;
  std::vector<double> sums(8);
  for (std::size_t i = 0; i < sums.size(); ++i) {
    threads.emplace_back([&sums, i] {
      for (int repeat = 0; repeat < 20; ++repeat) {
        RealFft fft(256);
        std::fill(fft.input().begin(), fft.input().end(), 1.0);
        sums[i] += fft.transform()[0].real();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(sums, testing::Each(20 * 256.0));
}

TEST(Hann, IsPeriodic) {
  const auto window = periodic_hann(8);
  const double expected[] = {0, 0.1464466094067262, 0.5, 0.8535533905932737,
                             1, 0.8535533905932737, 0.5, 0.1464466094067262};
  for (std::size_t i = 0; i < 8; ++i) EXPECT_NEAR(window[i], expected[i], 1e-15) << i;
}

TEST(Stft, HasAFrameAtEachMultipleOfTheHop) {
  EXPECT_EQ(stft_frames(66150, 512), 130U);
  EXPECT_EQ(stft_frames(511, 512), 1U);
  EXPECT_EQ(stft_frames(512, 512), 2U);
  EXPECT_EQ(stft_frames(0, 512), 1U);
}

TEST(Stft, ShowsAToneAtItsBinWithAQuarterOfTheWindowTimesItsAmplitude) {
  constexpr std::size_t kFft = 2048;
  Stft stft(kFft, 512);
  Spectrogram magnitude;
  Spectrogram power;
  const auto signal = tone(100.0 * 22050 / kFft, 22050, 22050, 0.5);  // exactly bin 100
  stft.magnitude(signal, magnitude);
  stft.power(signal, power);
  ASSERT_EQ(magnitude.frames, 44U);
  ASSERT_EQ(magnitude.rows, 1025U);
  const auto frame = magnitude.frame(20);
  EXPECT_EQ(std::max_element(frame.begin(), frame.end()) - frame.begin(), 100);
  EXPECT_NEAR(frame[100], 0.5 * kFft / 4, 1e-3);
  EXPECT_NEAR(frame[99], 0.5 * kFft / 8, 1e-3);  // the Hann window's side bins
  EXPECT_NEAR(frame[300], 0, 1e-4);
  for (std::size_t k = 0; k < magnitude.rows; ++k) {
    const float squared = magnitude.frame(20)[k] * magnitude.frame(20)[k];
    EXPECT_NEAR(power.frame(20)[k], squared, 4e-7 * squared) << k;
  }
}

TEST(Stft, PadsWithZerosAtBothEnds) {
  Stft stft(16, 4);
  Spectrogram magnitude;
  const std::vector<float> ones(32, 1.0F);
  stft.magnitude(ones, magnitude);
  // The sum of the window is 8; at the first sample only its later half (and the middle) sees the
  // signal.
  EXPECT_NEAR(magnitude.frame(4)[0], 8, 1e-6);
  EXPECT_NEAR(magnitude.frame(0)[0], 4.5, 1e-6);
  EXPECT_NEAR(magnitude.frame(8)[0], 3.5, 1e-6);
}

TEST(Decibel, IsTenTimesTheLogarithmAboveTheReference) {
  const std::vector<float> power = {100.0F, 1.0F, 0.001F};
  std::vector<float> out(3);
  power_to_db(power, {.top_db = 0}, out);
  EXPECT_THAT(out, testing::Pointwise(testing::FloatNear(1e-5F), {20.0F, 0.0F, -30.0F}));
  power_to_db(power, {.ref_is_max = true, .top_db = 0}, out);
  EXPECT_THAT(out, testing::Pointwise(testing::FloatNear(1e-5F), {0.0F, -20.0F, -50.0F}));
}

TEST(Decibel, IsAccurateAndRisesFromQuietToLoud) {
  constexpr double kTolerance = 5e-6;  // dB: half a unit in the last place of 100 dB, and a little
  std::vector<float> power;
  for (float value = 1e-10F; value < 1e9F; value *= 1.0003F) power.push_back(value);
  std::vector<float> out(power.size());
  power_to_db(power, {.amin = 1e-12, .top_db = 0}, out);
  for (std::size_t i = 0; i < out.size(); ++i) {
    ASSERT_NEAR(out[i], 10 * std::log10(static_cast<double>(power[i])), kTolerance) << power[i];
  }
  EXPECT_TRUE(std::ranges::is_sorted(out));
}

TEST(Decibel, OfTooLoudIsNotFinite) {
  const std::vector<float> power{1, std::numeric_limits<float>::infinity()};
  std::vector<float> out(power.size());
  power_to_db(power, {.top_db = 0}, out);
  EXPECT_EQ(out[1], power[1]);
}

TEST(Decibel, StopsAtTopDbBelowTheLargest) {
  const std::vector<float> power = {1e3F, 1e-9F};
  std::vector<float> out(2);
  power_to_db(power, {}, out);
  EXPECT_THAT(out, testing::Pointwise(testing::FloatNear(1e-4F), {30.0F, -50.0F}));
}

TEST(Decibel, OfSilenceIsFinite) {
  std::vector<float> silence(4, 0.0F);
  std::vector<float> out(4);
  power_to_db(silence, {}, out);
  EXPECT_THAT(out, testing::Each(testing::FloatNear(-100, 1e-4F)));
  power_to_db(silence, {.ref_is_max = true}, out);
  EXPECT_THAT(out, testing::Each(0.0F));
}

TEST(Kernels, DotAddsEveryProduct) {
  std::vector<float> a(64);
  std::vector<float> b(64, 2.0F);
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = static_cast<float>(i + 1);
  EXPECT_EQ(kernels::dot(a.data(), b.data(), 64), 64.0F * 65.0F);
  EXPECT_EQ(kernels::dot(a.data(), b.data(), 0), 0.0F);
}

}  // namespace
}  // namespace parlando::audio
