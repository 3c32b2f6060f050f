#include "common/audio/augment/telephone.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "common/audio/augment/noise.h"
#include "tests/unit/audio/augment/band_power.h"
#include "tests/unit/audio/sound_file.h"

namespace parlando::audio {
namespace {

TEST(MuLaw, IsThatOfG711) {
  EXPECT_EQ(mu_law_encode(0), 0xFF);
  EXPECT_EQ(mu_law_encode(1), 0x80);
  EXPECT_EQ(mu_law_encode(-1), 0x00);
  EXPECT_EQ(mu_law_decode(0x80) * 32768, 32124);
  EXPECT_EQ(mu_law_decode(0x00) * 32768, -32124);
  EXPECT_EQ(mu_law_decode(0xFF), 0);
  EXPECT_EQ(mu_law_decode(0xFE) * 32768, 8);
}

TEST(MuLaw, GivesEveryCodeBack) {
  for (int code = 0; code < 256; ++code) {
    if (code == 0x7F) continue;  // minus zero becomes zero
    EXPECT_EQ(mu_law_encode(mu_law_decode(static_cast<std::uint8_t>(code))), code);
  }
}

TEST(Telephone, PassesItsBandAlone) {
  for (const int rate : {16000, 22050, 48000}) {
    SCOPED_TRACE(rate);
    std::vector<float> noise(1 << 17);
    fill_white_noise(3, noise);
    for (float& sample : noise) sample *= 0.1F;
    const double before = test::band_db(noise, rate, 500, 3000);
    Telephone(rate).apply(noise);
    ASSERT_EQ(noise.size(), std::size_t{1} << 17);
    const double band = test::band_db(noise, rate, 500, 3000);
    EXPECT_NEAR(band, before, 0.5);
    // Below and above the band of the line remains the noise of 8 bits.
    EXPECT_LT(test::band_db(noise, rate, 10, 200), band - 30);
    EXPECT_LT(test::band_db(noise, rate, 3500, 3900), band - 30);
    EXPECT_LT(test::band_db(noise, rate, 4200, rate / 2.0), band - 80);
    EXPECT_NEAR(test::band_db(noise, rate, 380, 420), band, 2);
    EXPECT_NEAR(test::band_db(noise, rate, 3250, 3320), band, 2);
  }
}

TEST(Telephone, DelaysNothing) {
  const std::vector<float> signal = test::tone(1000, 22050, 22050);
  std::vector<float> heard = signal;
  Telephone(22050).apply(heard);
  double error = 0;
  for (std::size_t i = 2000; i < 20000; ++i) {
    error += (heard[i] - signal[i]) * (heard[i] - signal[i]);
  }
  EXPECT_LT(10 * std::log10(error / 18000 / mean_power(signal)), -30);
}

}  // namespace
}  // namespace parlando::audio
