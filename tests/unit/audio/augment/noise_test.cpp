#include "common/audio/augment/noise.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/audio/augment/band_power.h"
#include "tests/unit/audio/sound_file.h"

namespace parlando::audio {
namespace {

constexpr int kRate = 22050;
constexpr std::size_t kSamples = 1 << 16;

std::vector<float> white(std::uint64_t seed, std::size_t samples = kSamples) {
  std::vector<float> noise(samples);
  fill_white_noise(seed, noise);
  return noise;
}

std::vector<float> pink(std::uint64_t seed, std::size_t samples = kSamples) {
  std::vector<float> noise(samples);
  fill_pink_noise(seed, noise);
  return noise;
}

TEST(AddNoise, ReachesTheSignalToNoiseRatio) {
  const std::vector<float> signal = test::tone(440, kRate, kSamples, 0.3);
  for (const auto& noise : {white(1), pink(2), test::tone(50, kRate, kSamples, 0.001)}) {
    for (const double snr_db : {-5.0, 0.0, 15.0, 30.0}) {
      std::vector<float> noisy = signal;
      add_noise(noise, snr_db, noisy);
      for (std::size_t i = 0; i < noisy.size(); ++i) noisy[i] -= signal[i];
      const double measured = 10 * std::log10(mean_power(signal) / mean_power(noisy));
      EXPECT_NEAR(measured, snr_db, 1e-3);  // samples round to float32
    }
  }
}

TEST(AddNoise, LeavesSilenceAndSilentNoiseAlone) {
  std::vector<float> silence(100, 0.0F);
  add_noise(white(1, 100), 20, silence);
  EXPECT_EQ(silence, std::vector<float>(100, 0.0F));
  std::vector<float> signal = test::tone(440, kRate, 100);
  add_noise(silence, 20, signal);
  EXPECT_EQ(signal, test::tone(440, kRate, 100));
}

TEST(WhiteNoise, IsEquallyStrongAtAllFrequencies) {
  const std::vector<float> noise = white(3);
  const double reference = test::band_db(noise, kRate, 100, 11000);
  for (double low = 172; low < 8000; low *= 2) {
    // The power of n bins has a relative deviation of about 1 / sqrt(n): 500 bins in the lowest.
    EXPECT_NEAR(test::band_db(noise, kRate, low, 2 * low), reference, 1) << low;
  }
}

TEST(PinkNoise, FallsByThreeDecibelsAnOctave) {
  const std::vector<float> noise = pink(3);
  for (double low = 172; low < 4000; low *= 2) {
    const double octave = test::band_db(noise, kRate, low, 2 * low);
    const double next = test::band_db(noise, kRate, 2 * low, 4 * low);
    EXPECT_NEAR(octave - next, 3.01, 1) << low;
  }
}

TEST(Noise, IsAFunctionOfItsSeed) {
  EXPECT_EQ(white(5), white(5));
  EXPECT_NE(white(5), white(6));
  EXPECT_EQ(pink(5), pink(5));
  EXPECT_NE(pink(5), pink(6));
}

TEST(FillFromRecording, BeginsAtItsPlaceAndLoops) {
  const std::vector<float> recording{1, 2, 3, 4};
  std::vector<float> out(7);
  fill_from_recording(recording, 0.5, out);
  EXPECT_EQ(out, (std::vector<float>{3, 4, 1, 2, 3, 4, 1}));
}

}  // namespace
}  // namespace parlando::audio
