#include "common/audio/effects/harmonic.h"
#include "common/audio/effects/pitch_shift.h"
#include "common/audio/effects/time_stretch.h"
#include "common/audio/stft.h"
#include "tests/golden/audio/signals.h"

namespace parlando::golden {
namespace {

/// The phase vocoder sums phases over hundreds of frames in float32: librosa itself moves by 4e-3
/// (stretch) and 9e-3 (shift) of the peak when its input is float64.
constexpr double kOfPeak = 1e-2;
constexpr double kCorrelation = 0.9999;

class Effects : public GoldenTest, public testing::WithParamInterface<Signal> {
 protected:
  void expect_librosas(const std::vector<float>& actual, const std::string& name) {
    const NpyArray expected = GetParam().stage(name);
    EXPECT_TRUE(within(actual, expected.values, kOfPeak * largest(expected.values)));
    if (largest(expected.values) > 0) {
      EXPECT_GT(correlation(actual, expected.values), kCorrelation);
    }
    count_case(GetParam().folder + "/" + name);
  }
};

TEST_P(Effects, TimeStretchIsLibrosas) {
  std::vector<float> stretched;
  audio::TimeStretch().stretch(GetParam().samples(), 1.1, stretched);
  expect_librosas(stretched, "time_stretch_1.1");
}

TEST_P(Effects, PitchShiftIsLibrosas) {
  std::vector<float> shifted;
  audio::PitchShift(22050).shift(GetParam().samples(), 2, 12, shifted);
  expect_librosas(shifted, "pitch_shift_2");
}

TEST_P(Effects, HarmonicPartIsLibrosas) {
  const std::vector<float> signal = GetParam().samples();
  audio::Stft stft(2048, 512);
  audio::ComplexSpectrogram spectrum;
  audio::Spectrogram magnitude;
  stft.transform(signal, spectrum);
  stft.magnitude(signal, magnitude);
  std::vector<float> harmonic;
  audio::Hpss({}).harmonic(spectrum, magnitude, signal.size(), harmonic);
  const NpyArray expected = GetParam().stage("harmonic");
  EXPECT_TRUE(within(harmonic, expected.values, 1e-6 * largest(expected.values)));
  count_case(GetParam().folder + "/harmonic");
}

INSTANTIATE_TEST_SUITE_P(Librosa, Effects, testing::ValuesIn(all_signals()), signal_name);

}  // namespace
}  // namespace parlando::golden
