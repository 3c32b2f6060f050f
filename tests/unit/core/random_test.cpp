#include "common/core/random.h"

#include <cmath>

#include <gtest/gtest.h>

namespace parlando {
namespace {

// Known answers of the Random123 distribution, kat_vectors, philox 4x32 10.
TEST(Philox, GivesThePublishedKnownAnswers) {
  EXPECT_EQ(philox4x32({0, 0}, {0, 0, 0, 0}),
            (std::array<std::uint32_t, 4>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox4x32({0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}),
            (std::array<std::uint32_t, 4>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
}

TEST(RandomStream, IsAFunctionOfSeedPurposeAndPosition) {
  EXPECT_EQ(RandomStream(1, "a", 2, 3).next(), RandomStream(1, "a", 2, 3).next());
  const std::uint32_t reference = RandomStream(1, "a", 2, 3).next();
  EXPECT_NE(reference, RandomStream(2, "a", 2, 3).next());
  EXPECT_NE(reference, RandomStream(1, "b", 2, 3).next());
  EXPECT_NE(reference, RandomStream(1, "a", 3, 3).next());
  EXPECT_NE(reference, RandomStream(1, "a", 2, 4).next());
}

TEST(RandomStream, NormalDrawsHaveMeanZeroAndDeviationOne) {
  RandomStream stream(7, "normal");
  constexpr int kDraws = 200000;
  double sum = 0, square = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double draw = stream.normal();
    sum += draw;
    square += draw * draw;
  }
  // Five standard errors of the mean and of the variance.
  EXPECT_NEAR(sum / kDraws, 0, 5 / std::sqrt(kDraws));
  EXPECT_NEAR(square / kDraws, 1, 5 * std::sqrt(2.0 / kDraws));
}

TEST(RandomStream, BelowReachesEveryValueAndNoOther) {
  RandomStream stream(3, "below");
  std::array<int, 7> seen{};
  for (int i = 0; i < 7000; ++i) ++seen.at(stream.below(7));
  for (const int count : seen) EXPECT_NEAR(count, 1000, 5 * std::sqrt(1000.0));
}

}  // namespace
}  // namespace parlando
