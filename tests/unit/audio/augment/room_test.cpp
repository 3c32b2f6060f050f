#include "common/audio/augment/room.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "common/audio/augment/noise.h"
#include "tests/unit/audio/sound_file.h"

namespace parlando::audio {
namespace {

constexpr std::int64_t kRate = 22050;

/// Reverberation time by Schroeder's backward integration: the slope of the energy that is left,
/// between 5 and 25 dB below its beginning, continued to 60 dB.
double measured_rt60(const std::vector<float>& response) {
  std::vector<double> left(response.size());
  double energy = 0;
  for (std::size_t i = response.size(); i-- > 1;) {
    energy += static_cast<double>(response[i]) * response[i];
    left[i] = energy;
  }
  const auto time_of = [&](double db) {
    std::size_t i = 1;
    while (10 * std::log10(left[i] / energy) > db) ++i;
    return static_cast<double>(i) / static_cast<double>(kRate);
  };
  return 60.0 / 20.0 * (time_of(-25) - time_of(-5));
}

TEST(GenerateResponse, DecaysInItsReverberationTime) {
  for (const double rt60 : {0.2, 0.5, 0.8, 1.5}) {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
      const std::vector<float> response = generate_response(rt60, 5, kRate, seed);
      EXPECT_EQ(response.size(), static_cast<std::size_t>(rt60 * kRate));
      // The noise of the tail makes one response decay a little faster than another.
      EXPECT_NEAR(measured_rt60(response), rt60, 0.1 * rt60) << rt60;
    }
  }
}

TEST(GenerateResponse, HasTheDirectSoundThatIsAskedFor) {
  const std::vector<float> response = generate_response(0.4, 6, kRate, 9);
  EXPECT_EQ(response[0], 1);
  double tail = 0;
  for (std::size_t i = 1; i < response.size(); ++i) tail += response[i] * response[i];
  EXPECT_NEAR(-10 * std::log10(tail), 6, 1e-3);
  EXPECT_EQ(generate_response(0.4, 6, kRate, 9), response);
  EXPECT_NE(generate_response(0.4, 6, kRate, 8), response);
}

TEST(FromDirectSound, DropsTheDelayBeforeIt) {
  const std::vector<float> response{0, 0.1F, -2, 1, 0.5F};
  const auto aligned = from_direct_sound(response);
  ASSERT_EQ(aligned.size(), 3U);
  EXPECT_EQ(aligned[0], -2);
  EXPECT_TRUE(from_direct_sound(std::vector<float>(5, 0.0F)).empty());
}

TEST(RoomConvolver, EqualsTheSumOfDelayedCopiesAtTheSameLevel) {
  std::vector<float> signal(9000);
  fill_white_noise(4, signal);
  const std::vector<float> response = generate_response(0.02, 3, kRate, 5);  // 441 samples
  std::vector<double> expected(signal.size());
  double power = 0;
  for (std::size_t i = 0; i < signal.size(); ++i) {
    for (std::size_t j = 0; j < response.size() && j <= i; ++j) {
      expected[i] += static_cast<double>(response[j]) * signal[i - j];
    }
    power += expected[i] * expected[i];
  }
  const double level = std::sqrt(mean_power(signal) * static_cast<double>(signal.size()) / power);
  std::vector<float> wet = signal;
  RoomConvolver().apply(response, wet);
  ASSERT_EQ(wet.size(), signal.size());
  for (std::size_t i = 0; i < wet.size(); ++i) {
    ASSERT_NEAR(wet[i], level * expected[i], 1e-5) << i;
  }
  EXPECT_NEAR(mean_power(wet), mean_power(signal), 1e-6);
}

TEST(RoomConvolver, GivesTheSameAgainAfterAnotherRoom) {
  RoomConvolver convolver;
  const std::vector<float> response = generate_response(0.5, 3, kRate, 5);
  std::vector<float> first = test::tone(300, kRate, 20000);
  std::vector<float> other = first;
  std::vector<float> again = first;
  convolver.apply(response, first);
  convolver.apply(generate_response(0.1, 3, kRate, 6), other);
  convolver.apply(response, again);
  EXPECT_EQ(first, again);
  EXPECT_NE(first, other);
}

}  // namespace
}  // namespace parlando::audio
