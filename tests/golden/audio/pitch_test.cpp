#include "common/audio/pitch/chroma.h"
#include "common/audio/pitch/chroma_cqt.h"
#include "common/audio/pitch/cqt.h"
#include "common/audio/pitch/tuning.h"
#include "common/audio/stft.h"
#include "common/io/json.h"
#include "tests/golden/audio/signals.h"

namespace parlando::golden {
namespace {

constexpr double kEqual = 0;
constexpr double kChromaTolerance = 1e-5;
/// Chroma of the constant-Q transform divides by the maximum of a frame, however quiet it is.
constexpr double kChromaCqtTolerance = 1e-3;

/// [rows, frames], as librosa lays features out.
NpyArray rows_first(const audio::Spectrogram& features) {
  NpyArray array{{features.rows, features.frames}, {}};
  for (std::size_t r = 0; r < features.rows; ++r) {
    for (std::size_t t = 0; t < features.frames; ++t) array.values.push_back(features.frame(t)[r]);
  }
  return array;
}

class Pitch : public GoldenTest, public testing::WithParamInterface<Signal> {
 protected:
  void expect_within(const audio::Spectrogram& features, const std::string& name,
                     double tolerance) {
    const NpyArray actual = rows_first(features);
    const NpyArray expected = GetParam().stage(name);
    ASSERT_EQ(actual.shape, expected.shape);
    EXPECT_TRUE(within(actual.values, expected.values, tolerance));
    count_case(GetParam().folder + "/" + name);
  }

  static audio::Spectrogram magnitude(const std::vector<float>& samples) {
    audio::Spectrogram spectrogram;
    audio::Stft(2048, 512).magnitude(samples, spectrogram);
    return spectrogram;
  }

  static audio::Spectrogram power(const std::vector<float>& samples) {
    audio::Spectrogram spectrogram;
    audio::Stft(2048, 512).power(samples, spectrogram);
    return spectrogram;
  }

  static double tuning(const audio::Spectrogram& spectrogram, int bins_per_octave) {
    return audio::TuningEstimator().estimate(spectrogram, {}, bins_per_octave);
  }

  static audio::Spectrogram chroma_cqt(const std::vector<float>& samples) {
    audio::Spectrogram chroma;
    audio::ChromaCqt({}).apply(samples, tuning(magnitude(samples), 36), chroma);
    return chroma;
  }

  void expect_tonnetz(const std::vector<float>& samples, const std::string& name) {
    audio::Spectrogram centroids;
    audio::tonnetz(chroma_cqt(samples), centroids);
    expect_within(centroids, name, kChromaCqtTolerance);
  }
};

TEST_P(Pitch, TuningIsLibrosas) {
  const std::vector<float> samples = GetParam().samples();
  const nlohmann::json scalars = read_json(path(GetParam().folder + "/scalars.json"));
  const auto expect = [&](const std::string& name, double actual) {
    EXPECT_NEAR(actual, scalars.at("scalars").at(name).get<double>(), 1e-12) << name;
    count_case(GetParam().folder + "/scalars.json: " + name);
  };
  expect("tuning_12", tuning(magnitude(samples), 12));
  expect("tuning_36", tuning(magnitude(samples), 36));
  expect("tuning_chroma_stft", tuning(power(samples), 12));
  expect("tuning_36_harmonic", tuning(magnitude(GetParam().stage("harmonic").values), 36));
}

TEST_P(Pitch, ChromaStftIsLibrosas) {
  audio::Spectrogram chroma;
  audio::ChromaStft({}).apply(power(GetParam().samples()), std::nullopt, chroma);
  expect_within(chroma, "chroma_stft", kChromaTolerance);
}

TEST_P(Pitch, CqtIsLibrosas) {
  audio::Spectrogram cqt;
  audio::Cqt({}).magnitude(GetParam().samples(), 0, cqt);
  expect_within(cqt, "cqt_mag", 1e-6 * largest(GetParam().stage("cqt_mag").values));
}

TEST_P(Pitch, ChromaCqtIsLibrosas) {
  expect_within(chroma_cqt(GetParam().samples()), "chroma_cqt", kChromaCqtTolerance);
}

TEST_P(Pitch, TonnetzIsLibrosas) {
  expect_tonnetz(GetParam().samples(), "tonnetz");
  expect_tonnetz(GetParam().stage("harmonic").values, "tonnetz_harmonic");
}

INSTANTIATE_TEST_SUITE_P(Librosa, Pitch, testing::ValuesIn(all_signals()), signal_name);

class PitchFilters : public GoldenTest {};

TEST_F(PitchFilters, ChromaFilterbankIsLibrosas) {
  for (const auto& [name, tuning] : {std::pair("tuning0", 0.0), std::pair("tuning0.23", 0.23)}) {
    const NpyArray expected = load(std::string("filters/chroma_22050_2048_") + name + ".npy");
    EXPECT_TRUE(within(audio::chroma_filterbank({}, tuning), expected.values, 1e-7)) << name;
    count_case(std::string("filters/chroma_22050_2048_") + name);
  }
}

TEST_F(PitchFilters, PitchClassesAreLibrosas) {
  const NpyArray expected = load("filters/cq_to_chroma_252.npy");
  std::vector<float> matrix(12 * 252, 0.0F);
  const std::vector<std::size_t> classes = audio::pitch_classes(252, 36, 12, audio::kC1);
  for (std::size_t i = 0; i < classes.size(); ++i) matrix[classes[i] * 252 + i] = 1;
  EXPECT_TRUE(within(matrix, expected.values, kEqual));
  count_case("filters/cq_to_chroma_252");
}

}  // namespace
}  // namespace parlando::golden
