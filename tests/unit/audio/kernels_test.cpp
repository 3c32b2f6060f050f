#include "common/audio/kernels.h"

#include <array>

#include <gtest/gtest.h>

namespace parlando::audio::kernels {
namespace {

/// Bins whose magnitude in NumPy 2.4 is not the nearest float32: the tuning of a clip can hang on
/// the last bit.
constexpr std::array<std::complex<double>, 4> kBins{
    std::complex<double>{-0x1.124342p-1, -0x1.ae2a5ap+0},
    {0x1.7245fap-2, -0x1.f4343ap-4},
    {0x1.528adcp-5, 0x1.8b5ddcp-5},
    {0, 0}};
constexpr std::array<float, 4> kMagnitudes{0x1.c37e98p+0F, 0x1.86d1dcp-2F, 0x1.0440acp-4F, 0};

TEST(MagnitudeOfBins, RoundsAsNumpyDoes) {
  std::array<float, kBins.size()> magnitudes{};
  magnitude_of_bins(kBins, magnitudes);
  EXPECT_EQ(magnitudes, kMagnitudes);
}

TEST(PowerOfBins, IsTheSquareOfTheMagnitude) {
  std::array<float, kBins.size()> powers{};
  power_of_bins(kBins, powers);
  for (std::size_t i = 0; i < powers.size(); ++i) {
    EXPECT_EQ(powers[i], kMagnitudes[i] * kMagnitudes[i]);
  }
}

}  // namespace
}  // namespace parlando::audio::kernels
