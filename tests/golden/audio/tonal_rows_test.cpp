#include "common/audio/decode.h"
#include "common/audio/feature_extractor.h"
#include "tests/golden/audio/cases.h"
#include "tests/golden/audio/signals.h"

namespace parlando::golden {
namespace {

constexpr std::size_t kFrames = 130;
/// Rows of the stacked recipe: behind 40 of the mfcc, of their first and of their second
/// derivative, and before the last two.
constexpr std::size_t kFirstChroma = 120;
constexpr std::size_t kFirstTonnetz = 179;
constexpr double kChromaTolerance = 1e-5;
constexpr double kTonnetzTolerance = 1e-3;

audio::FeatureRecipe three_seconds(audio::FeatureBlock block) {
  audio::FeatureRecipe recipe;
  recipe.waveform.duration = 3;
  recipe.waveform.fix_length = 66150;
  recipe.features = {std::move(block)};
  return recipe;
}

/// One block over three seconds of a clip from its original file, [rows, frames].
std::vector<float> rows_of(const std::filesystem::path& file, audio::FeatureBlock block) {
  const std::string name = block.name;
  audio::FeatureExtractor extractor(three_seconds(std::move(block)));
  return extractor.stage(audio::decode_audio(file, extractor.seconds_needed()), name).values;
}

std::span<const float> rows(const NpyArray& matrix, std::size_t first, std::size_t count) {
  return std::span(matrix.values).subspan(first * kFrames, count * kFrames);
}

class TonalRows : public GoldenTest, public testing::WithParamInterface<std::string> {};

TEST_P(TonalRows, AreLibrosas) {
  const bool is_synth = GetParam() == "synth";
  const auto file = is_synth ? path("synth/synth.wav") : original_of(GetParam());
  if (file.empty()) GTEST_SKIP() << "neither RAVDESS_48K nor RAVDESS is set: no original clips";
  const std::string folder = is_synth ? "synth" : "clips/" + GetParam();
  const NpyArray recipe_c = load(folder + "/recipe_c.npy");
  const audio::TonnetzRecipe harmonic{{.source = {.harmonic = true}}};
  EXPECT_TRUE(within(rows_of(file, audio::ChromaStftRecipe{}), rows(recipe_c, kFirstChroma, 12),
                     kChromaTolerance));
  EXPECT_TRUE(within(rows_of(file, harmonic), rows(recipe_c, kFirstTonnetz, 6), kTonnetzTolerance));
  const std::string without = folder + "/recipe_c_tonnetz_without_harmonic";
  EXPECT_TRUE(within(rows_of(file, audio::TonnetzRecipe{}), load(without + ".npy").values,
                     kTonnetzTolerance));
  count_case(without);
}

std::vector<std::string> clips() {
  std::vector<std::string> names = clip_names();
  names.push_back("synth");
  return names;
}

INSTANTIATE_TEST_SUITE_P(Librosa, TonalRows, testing::ValuesIn(clips()),
                         [](const auto& param_info) { return test_name(param_info.param); });

}  // namespace
}  // namespace parlando::golden
