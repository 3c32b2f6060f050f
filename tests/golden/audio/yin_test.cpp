#include "common/audio/pitch/yin.h"

#include <cmath>

#include "common/audio/pitch/pyin.h"
#include "tests/golden/audio/signals.h"

namespace parlando::golden {
namespace {

constexpr double kHz = 1e-2;

class F0 : public GoldenTest, public testing::WithParamInterface<Signal> {};

TEST_P(F0, YinIsLibrosas) {
  std::vector<float> f0;
  audio::Yin({}).compute(GetParam().samples(), f0);
  EXPECT_TRUE(within(f0, GetParam().stage("yin_f0").values, kHz));
  count_case(GetParam().folder + "/yin_f0");
}

TEST_P(F0, PyinIsLibrosas) {
  audio::PitchTrack track;
  audio::Pyin({}).compute(GetParam().samples(), track);
  std::vector<float> expected = GetParam().stage("pyin_f0").values;
  ASSERT_EQ(track.f0.size(), expected.size());
  for (std::size_t t = 0; t < expected.size(); ++t) {
    ASSERT_EQ(std::isnan(track.f0[t]), std::isnan(expected[t])) << "frame " << t;
    EXPECT_EQ(track.voiced[t], !std::isnan(expected[t])) << "frame " << t;
    if (std::isnan(expected[t])) track.f0[t] = expected[t] = 0;
  }
  EXPECT_TRUE(within(track.f0, expected, kHz));
  count_case(GetParam().folder + "/pyin_f0");
}

INSTANTIATE_TEST_SUITE_P(Librosa, F0, testing::ValuesIn(all_signals()), signal_name);

}  // namespace
}  // namespace parlando::golden
