#include "common/audio/kernels.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "common/audio/effects/kernels.h"
#include "common/audio/extreme_kernels.h"

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

TEST(EnergyOfBins, IsTheSumOfSquaresRoundedOnce) {
  std::array<float, kBins.size()> energies{};
  energy_of_bins(kBins, energies);
  for (std::size_t i = 0; i < energies.size(); ++i) {
    EXPECT_EQ(energies[i], static_cast<float>(std::norm(kBins[i])));
    EXPECT_NEAR(energies[i], kMagnitudes[i] * kMagnitudes[i], 4e-7 * energies[i]);
  }
}

TEST(MeansOfExtremes, AreThoseOfTheSortedColumns) {
  std::mt19937 random(7);
  // Few distinct values, so that many are equal.
  std::uniform_int_distribution<int> draw(0, 60);
  for (std::size_t n = 1; n <= kMostExtremes; ++n) {
    for (const std::size_t rows : {n, n + 1, std::size_t{100}}) {
      std::vector<float> values(rows * kExtremeColumns);
      for (float& value : values) value = static_cast<float>(draw(random)) / 7;
      float smallest[kExtremeColumns];
      float largest[kExtremeColumns];
      means_of_extremes(values.data(), rows, n, smallest, largest);
      for (std::size_t column = 0; column < kExtremeColumns; ++column) {
        std::vector<float> sorted;
        for (std::size_t row = 0; row < rows; ++row) {
          sorted.push_back(values[row * kExtremeColumns + column]);
        }
        std::ranges::sort(sorted);
        const auto count = static_cast<std::ptrdiff_t>(n);
        const auto divisor = static_cast<float>(n);
        EXPECT_EQ(smallest[column],
                  std::accumulate(sorted.begin(), sorted.begin() + count, 0.0F) / divisor);
        EXPECT_EQ(largest[column],
                  std::accumulate(sorted.end() - count, sorted.end(), 0.0F) / divisor);
      }
    }
  }
}

TEST(Transpose, SwapsRowsAndColumnsOfAnyNumber) {
  for (const std::size_t rows : std::vector<std::size_t>{1, 4, 7, 16, 18, 37}) {
    for (const std::size_t columns : std::vector<std::size_t>{1, 3, 4, 13, 16}) {
      std::vector<float> from(rows * (columns + 2));
      std::iota(from.begin(), from.end(), 1.0F);
      std::vector<float> to(columns * (rows + 1), 0.0F);
      transpose({from.data(), columns + 2}, rows, columns, {to.data(), rows + 1});
      for (std::size_t column = 0; column < columns; ++column) {
        for (std::size_t row = 0; row < rows; ++row) {
          EXPECT_EQ(to[column * (rows + 1) + row], from[row * (columns + 2) + column]);
        }
        EXPECT_EQ(to[column * (rows + 1) + rows], 0.0F);
      }
    }
  }
}

}  // namespace
}  // namespace parlando::audio::kernels
