#include "common/audio/decode.h"
#include "common/audio/feature_extractor.h"
#include "tests/golden/audio/cases.h"
#include "tests/golden/audio/signals.h"

namespace parlando::golden {
namespace {

/// The recipe of configs/preprocess/stack187.yaml.
audio::FeatureRecipe stack187() {
  audio::FeatureRecipe recipe;
  recipe.waveform.duration = 3;
  recipe.waveform.fix_length = 66150;
  audio::MelRecipe mel;
  mel.mel.n_mels = 40;
  recipe.features = {audio::MfccRecipe{.n_mfcc = 40},
                     audio::DeltaRecipe{},
                     audio::DeltaRecipe{.order = 2},
                     audio::ChromaStftRecipe{},
                     mel,
                     audio::SpectralContrastRecipe{},
                     audio::TonnetzRecipe{{.source = {.harmonic = true}}},
                     audio::ZeroCrossingRateRecipe{},
                     audio::RmsRecipe{}};
  return recipe;
}

/// Rows of one block and how far they may be from librosa's: `absolute`, or `relative` times the
/// largest value.
struct RowGroup {
  const char* name;
  std::size_t count;
  double absolute = 0;
  double relative = 0;
};

constexpr RowGroup kGroups[] = {
    {.name = "mfcc", .count = 40, .absolute = 5e-4},
    {.name = "delta", .count = 40, .absolute = 1e-4},
    {.name = "delta2", .count = 40, .absolute = 1e-4},
    {.name = "chroma_stft", .count = 12, .absolute = 1e-5},
    {.name = "mel", .count = 40, .relative = 1e-6},
    {.name = "spectral_contrast", .count = 7, .absolute = 1e-3},
    {.name = "tonnetz", .count = 6, .absolute = 1e-3},
    {.name = "zero_crossing_rate", .count = 1},
    {.name = "rms", .count = 1, .relative = 1e-6},
};

/// Whether the constant-Q transform of the harmonic part stands out of its rounding in each frame:
/// below 1e-6 of its maximum, the direction of a frame's chroma is noise in librosa too.
std::vector<bool> tonal_frames(const audio::DecodedAudio& audio) {
  audio::FeatureRecipe recipe = stack187();
  recipe.features = {audio::CqtRecipe{
      .n_bins = 252, .bins_per_octave = 36, .tuning = {"auto"}, .source = {.harmonic = true}}};
  const audio::FeatureMatrix cqt = audio::FeatureExtractor(recipe).extract(audio);
  const double floor = 1e-6 * largest(cqt.values);
  std::vector<bool> tonal;
  for (std::size_t t = 0; t < cqt.frames; ++t) {
    tonal.push_back(largest(std::span(cqt.values).subspan(t * cqt.rows, cqt.rows)) >= floor);
  }
  return tonal;
}

class RecipeC : public GoldenTest, public testing::WithParamInterface<std::string> {
 protected:
  void expect_librosas(const audio::DecodedAudio& audio, const std::string& folder) {
    NpyArray expected = load(folder + "/recipe_c.npy");
    audio::FeatureExtractor extractor(stack187());
    const audio::FeatureMatrix actual = extractor.extract(audio);
    ASSERT_EQ(expected.shape, (std::vector<std::size_t>{actual.rows, actual.frames}));
    const std::vector<bool> tonal = tonal_frames(audio);
    std::size_t first = 0;
    for (const RowGroup& group : kGroups) {
      std::vector<float> rows;
      for (std::size_t r = first; r < first + group.count; ++r) {
        for (std::size_t t = 0; t < actual.frames; ++t) {
          rows.push_back(actual.values[t * actual.rows + r]);
          const bool is_noise = group.name == std::string("tonnetz") && !tonal[t];
          if (is_noise) expected.values[r * actual.frames + t] = rows.back();
        }
      }
      const auto reference =
          std::span(expected.values).subspan(first * actual.frames, group.count * actual.frames);
      EXPECT_TRUE(within(rows, reference, group.absolute + group.relative * largest(reference)))
          << group.name;
      first += group.count;
    }
    count_case(folder + "/recipe_c");
  }
};

TEST_P(RecipeC, IsLibrosas) {
  const bool is_synth = GetParam() == "synth";
  const auto file = is_synth ? path("synth/synth.wav") : original_of(GetParam());
  if (file.empty()) GTEST_SKIP() << "neither RAVDESS_48K nor RAVDESS is set: no original clips";
  expect_librosas(audio::decode_audio(file, 3), is_synth ? "synth" : "clips/" + GetParam());
}

std::vector<std::string> clips() {
  std::vector<std::string> names = clip_names();
  names.push_back("synth");
  return names;
}

INSTANTIATE_TEST_SUITE_P(Librosa, RecipeC, testing::ValuesIn(clips()),
                         [](const auto& param_info) { return test_name(param_info.param); });

class EdgeRecipeC : public RecipeC {};

TEST_P(EdgeRecipeC, IsLibrosas) {
  expect_librosas(waveform_of("edge/" + GetParam() + "/y22050.npy"), "edge/" + GetParam());
}

INSTANTIATE_TEST_SUITE_P(Librosa, EdgeRecipeC,
                         testing::Values("silence_1s", "short_0.02s", "square_1s"),
                         [](const auto& param_info) { return test_name(param_info.param); });

}  // namespace
}  // namespace parlando::golden
