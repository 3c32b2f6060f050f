#include "tests/golden/audio/cases.h"
#include "tests/golden/golden.h"
#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"

namespace parlando::golden {
namespace {

/// parlando-features with the recipe that the project ships: what a user gets.
class FeaturesVerb : public GoldenTest {
 protected:
  NpyArray features(const std::string& stage, const std::string& recipe = "mel128") {
    std::vector<std::string> command = {
        test::program("parlando-features"),
        "--config",
        test::source_path("configs/preprocess/" + recipe + ".yaml").string(),
        path("synth/synth.wav").string(),
        "--out",
        (folder_ / "out.npy").string()};
    if (!stage.empty()) command.insert(command.end(), {"--stage", stage});
    const test::ProcessResult result = test::run_process(command);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.out, "");
    return read_npy(folder_ / "out.npy");
  }

  test::ScratchFolder folder_;
};

TEST_F(FeaturesVerb, GivesRecipeAWithTheShippedConfiguration) {
  const NpyArray expected = load("synth/recipe_a.npy");
  for (const std::string stage : {"", "log_mel"}) {
    const NpyArray actual = features(stage);
    ASSERT_EQ(actual.shape, expected.shape);
    EXPECT_TRUE(within(actual.values, expected.values, 1e-4));
  }
}

TEST_F(FeaturesVerb, GivesRecipeBWithTheShippedConfiguration) {
  const NpyArray expected = load("synth/recipe_b.npy");
  const NpyArray actual = features("", "mfcc121");
  ASSERT_EQ(actual.shape, expected.shape);
  EXPECT_TRUE(within(actual.values, expected.values, 5e-4));
}

TEST_F(FeaturesVerb, GivesABlockOfTheRecipeAndAKindThatItDoesNotList) {
  const std::size_t mfcc = 40;
  const NpyArray whole = load("synth/recipe_b.npy");
  const NpyArray delta = features("mfcc_delta", "mfcc121");
  const std::span<const float> expected =
      std::span(whole.values).subspan(mfcc * whole.shape[1], mfcc * whole.shape[1]);
  EXPECT_TRUE(within(delta.values, expected, 1e-4));
  EXPECT_EQ(features("spectral_contrast", "mfcc121").shape,
            (std::vector<std::size_t>{7, whole.shape[1]}));
}

TEST_F(FeaturesVerb, GivesTheWaveformBitForBit) {
  const NpyArray actual = features("waveform");
  ASSERT_EQ(actual.shape, (std::vector<std::size_t>{1, 66150}));
  const NpyArray expected = load("synth/y22050_3s.npy");
  ASSERT_LE(expected.values.size(), actual.values.size());
  EXPECT_TRUE(
      within({actual.values.data(), expected.values.size()}, expected.values, /*tolerance=*/0));
}

}  // namespace
}  // namespace parlando::golden
