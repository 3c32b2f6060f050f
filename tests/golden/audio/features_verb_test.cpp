#include "tests/golden/audio/cases.h"
#include "tests/golden/golden.h"
#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"

namespace parlando::golden {
namespace {

/// parlando-features with the recipe that the project ships: what a user gets.
class FeaturesVerb : public GoldenTest {
 protected:
  NpyArray features(const std::string& stage) {
    std::vector<std::string> command = {
        test::program("parlando-features"),
        "--config",
        test::source_path("configs/preprocess/mel128.yaml").string(),
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
