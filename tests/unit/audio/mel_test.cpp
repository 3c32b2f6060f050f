#include "common/audio/mel.h"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "common/audio/kernels.h"

namespace parlando::audio {
namespace {

TEST(MelScale, SlaneyIsLinearTo1000HzAndLogarithmicAbove) {
  EXPECT_DOUBLE_EQ(hz_to_mel(0, MelScale::slaney), 0);
  EXPECT_DOUBLE_EQ(hz_to_mel(200, MelScale::slaney), 3);
  EXPECT_DOUBLE_EQ(hz_to_mel(1000, MelScale::slaney), 15);
  EXPECT_DOUBLE_EQ(hz_to_mel(6400, MelScale::slaney), 42);  // 27 steps to 6.4 times the frequency
}

TEST(MelScale, HtkHas1000MelAt1000Hz) {
  EXPECT_NEAR(hz_to_mel(1000, MelScale::htk), 1000, 0.02);
  EXPECT_DOUBLE_EQ(hz_to_mel(700, MelScale::htk), 2595 * std::log10(2.0));
}

TEST(MelScale, GoesThereAndBack) {
  for (const MelScale scale : {MelScale::slaney, MelScale::htk}) {
    for (const double hz : {0.0, 1.0, 440.0, 999.9, 1000.0, 1000.1, 8000.0, 48000.0}) {
      EXPECT_NEAR(mel_to_hz(hz_to_mel(hz, scale), scale), hz, 1e-9 * (1 + hz));
    }
  }
}

TEST(MelFilterbank, HasTrianglesOfUnitArea) {
  const MelParameters parameters{.sample_rate = 22050, .n_fft = 8192, .n_mels = 40};
  const MelFilterbank filterbank(parameters);
  const auto weights = filterbank.dense();
  const double bin_width = 22050.0 / 8192;
  for (std::size_t i = 0; i < filterbank.bands(); ++i) {
    const auto row = weights.begin() + static_cast<std::ptrdiff_t>(i * filterbank.bins());
    const double area =
        bin_width * std::accumulate(row, row + static_cast<std::ptrdiff_t>(filterbank.bins()), 0.0);
    EXPECT_NEAR(area, 1, 2e-3) << i;  // the sum over bins approximates the integral
  }
}

TEST(MelFilterbank, ApplyIsTheProductWithTheDenseWeights) {
  for (const std::size_t n_mels : {std::size_t{1}, std::size_t{13}, std::size_t{128}}) {
    const MelFilterbank filterbank({.sample_rate = 16000, .n_fft = 512, .n_mels = n_mels});
    Spectrogram power;
    power.reshape(3, filterbank.bins(), kernels::padded_width(filterbank.bins()));
    for (std::size_t t = 0; t < power.frames; ++t) {
      for (std::size_t k = 0; k < power.rows; ++k) {
        power.frame(t)[k] = static_cast<float>((k * 31 + t * 17) % 101);
      }
    }
    Spectrogram mel;
    filterbank.apply(power, mel);
    ASSERT_EQ(mel.rows, n_mels);
    ASSERT_EQ(mel.frames, 3U);
    const auto weights = filterbank.dense();
    for (std::size_t t = 0; t < mel.frames; ++t) {
      for (std::size_t i = 0; i < n_mels; ++i) {
        double expected = 0;
        for (std::size_t k = 0; k < power.rows; ++k) {
          expected += static_cast<double>(weights[i * power.rows + k]) *
                      static_cast<double>(power.frame(t)[k]);
        }
        EXPECT_NEAR(mel.frame(t)[i], expected, 1e-6 * (1 + expected));
      }
    }
  }
}

TEST(MelFilterbank, IsZeroOutsideItsFrequencies) {
  const MelFilterbank filterbank(
      {.sample_rate = 16000, .n_fft = 512, .n_mels = 20, .fmin = 1000, .fmax = 4000});
  const auto weights = filterbank.dense();
  const double bin_width = 16000.0 / 512;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double hz = static_cast<double>(i % filterbank.bins()) * bin_width;
    if (hz <= 1000 || hz >= 4000) {
      EXPECT_EQ(weights[i], 0.0F) << hz;
    }
  }
}

}  // namespace
}  // namespace parlando::audio
