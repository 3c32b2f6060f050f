#include <algorithm>

#include <fmt/format.h>

#include "common/audio/dct.h"
#include "common/audio/mel.h"
#include "common/audio/savgol.h"
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

class DctMatrix : public GoldenTest {};

TEST_F(DctMatrix, IsScipys) {
  EXPECT_TRUE(within(audio::Dct(40, 128).dense(), load("filters/dct_40x128.npy").values, 1e-7));
  count_case("filters/dct_40x128");
}

class Savgol : public GoldenTest {
 protected:
  /// Weights at each of the positions, [positions, 9].
  static std::vector<float> weights(int order, std::initializer_list<std::size_t> positions) {
    std::vector<float> all;
    for (const std::size_t position : positions) {
      for (const double weight : audio::savgol_weights(9, order, order, position)) {
        all.push_back(static_cast<float>(weight));
      }
    }
    return all;
  }
};

TEST_F(Savgol, WeightsAreScipys) {
  for (const int order : {1, 2}) {
    const std::string name = fmt::format("filters/savgol_9_order{}", order);
    std::vector<float> middle = weights(order, {4});
    std::reverse(middle.begin(), middle.end());  // the array is in the order of a convolution
    const auto expect = [](const std::vector<float>& actual, const std::string& array) {
      EXPECT_TRUE(within(actual, load(array + ".npy").values, 1e-7)) << array;
      count_case(array);
    };
    expect(middle, name);
    expect(weights(order, {0, 1, 2, 3}), name + "_first");
    expect(weights(order, {5, 6, 7, 8}), name + "_last");
  }
}

}  // namespace
}  // namespace parlando::golden
