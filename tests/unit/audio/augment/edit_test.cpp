#include "common/audio/augment/edit.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace parlando::audio {
namespace {

using Waveform = std::vector<float>;

TEST(ApplyGain, CountsInDecibelsOfAmplitude) {
  Waveform waveform{0.5F, -0.25F};
  apply_gain(20, waveform);
  EXPECT_FLOAT_EQ(waveform[0], 5);
  apply_gain(-40, waveform);
  EXPECT_FLOAT_EQ(waveform[1], -0.025F);
}

Waveform shifted(std::int64_t samples, bool roll) {
  Waveform waveform{1, 2, 3, 4, 5};
  shift_waveform(samples, roll, waveform);
  return waveform;
}

TEST(ShiftWaveform, FillsWithZeros) {
  EXPECT_EQ(shifted(2, false), (Waveform{0, 0, 1, 2, 3}));
  EXPECT_EQ(shifted(-2, false), (Waveform{3, 4, 5, 0, 0}));
  EXPECT_EQ(shifted(0, false), (Waveform{1, 2, 3, 4, 5}));
  EXPECT_EQ(shifted(5, false), Waveform(5, 0));
  EXPECT_EQ(shifted(-900, false), Waveform(5, 0));
}

TEST(ShiftWaveform, RollsRound) {
  EXPECT_EQ(shifted(2, true), (Waveform{4, 5, 1, 2, 3}));
  EXPECT_EQ(shifted(-2, true), (Waveform{3, 4, 5, 1, 2}));
  EXPECT_EQ(shifted(12, true), (Waveform{4, 5, 1, 2, 3}));
}

TEST(MaskWaveform, ClearsOnePieceOfTheShareAskedFor) {
  for (const double position : {0.0, 0.3, 0.999999}) {
    Waveform waveform(1000, 1.0F);
    mask_waveform(0.1, position, waveform);
    EXPECT_EQ(std::ranges::count(waveform, 0.0F), 100);
    const auto first = std::ranges::find(waveform, 0.0F);
    EXPECT_EQ(std::count(first, first + 100, 0.0F), 100) << "in one piece";
    EXPECT_EQ(first - waveform.begin(), static_cast<int>(position * 901));
  }
}

TEST(MaskWaveform, MayClearNothingOrAll) {
  Waveform waveform(7, 1.0F);
  mask_waveform(0, 0.5, waveform);
  EXPECT_EQ(std::ranges::count(waveform, 0.0F), 0);
  mask_waveform(1, 0.9, waveform);
  EXPECT_EQ(std::ranges::count(waveform, 0.0F), 7);
}

}  // namespace
}  // namespace parlando::audio
