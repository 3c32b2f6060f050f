#include "common/audio/mel.h"
#include "common/audio/stft.h"
#include "tests/golden/golden.h"

namespace parlando::golden {
namespace {

class MelFilterbank : public GoldenTest {
 protected:
  void expect_equal(const audio::MelParameters& parameters, const std::string& name) {
    const NpyArray expected = load("filters/" + name + ".npy");
    const audio::MelFilterbank filterbank(parameters);
    ASSERT_EQ((std::vector<std::size_t>{filterbank.bands(), filterbank.bins()}), expected.shape);
    // The logarithm and exponential of another libm may differ in the last bit of the corners.
    EXPECT_TRUE(within(filterbank.dense(), expected.values, 1e-7 * largest(expected.values)));
    count_case("filters/" + name);
  }
};

TEST_F(MelFilterbank, MatchesLibrosaAt22050Hz) {
  expect_equal({.n_mels = 128}, "mel_22050_2048_128");
  expect_equal({.n_mels = 40}, "mel_22050_2048_40");
}

TEST_F(MelFilterbank, MatchesLibrosaOnTheHtkScaleBetweenTwoFrequencies) {
  expect_equal({.sample_rate = 16000,
                .n_fft = 1024,
                .n_mels = 64,
                .fmin = 50,
                .fmax = 7600,
                .scale = audio::MelScale::htk},
               "mel_htk_16000_1024_64_50_7600");
}

class Window : public GoldenTest {};

TEST_F(Window, IsScipysPeriodicHann) {
  const std::vector<double> window = audio::periodic_hann(2048);
  const std::vector<float> rounded(window.begin(), window.end());
  EXPECT_TRUE(
      within(rounded, load("filters/hann_2048_periodic.npy").values, 6e-8));  // one ulp below 1
  count_case("filters/hann_2048_periodic");
}

}  // namespace
}  // namespace parlando::golden
