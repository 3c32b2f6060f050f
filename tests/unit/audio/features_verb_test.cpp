#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/io/npy.h"
#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/audio/sound_file.h"

namespace parlando::audio {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class FeaturesVerb : public testing::Test {
 protected:
  void SetUp() override {
    test::write_sound(folder_ / "clip.wav", test::tone(440, 24000, 24000));
    test::write_text(folder_ / "recipe.yaml", "features: [{block: mel, n_mels: 10}]\n");
  }

  test::ProcessResult run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), test::program("parlando-features"));
    return test::run_process(arguments, {.folder = folder_.path()});
  }

  test::ScratchFolder folder_;
};

TEST_F(FeaturesVerb, WritesRowsByFrames) {
  const auto result = run({"--config", "recipe.yaml", "clip.wav", "--out", "new/folder/out.npy"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("10 rows x 44 frames"));
  const NpyArray array = read_npy(folder_ / "new/folder/out.npy");
  EXPECT_THAT(array.shape, testing::ElementsAre(10, 44));
  // 440 Hz is in the lowest band: the first row, all its frames.
  for (std::size_t t = 2; t < 42; ++t) EXPECT_GT(array.values[t], 100 * array.values[9 * 44 + t]);
}

TEST_F(FeaturesVerb, EndsWith2ForAWrongStageRecipeOrOption) {
  const auto stage =
      run({"--config", "recipe.yaml", "clip.wav", "--out", "out.npy", "--stage", "melpower"});
  EXPECT_EQ(stage.exit_code, 2);
  EXPECT_THAT(stage.err, AllOf(HasSubstr("melpower"), HasSubstr("log_mel")));

  test::write_text(folder_ / "odd.yaml", "features: [{block: log_mel, n_fft: 2047}]\n");
  const auto recipe = run({"--config", "odd.yaml", "clip.wav", "--out", "out.npy"});
  EXPECT_EQ(recipe.exit_code, 2);
  EXPECT_THAT(recipe.err, HasSubstr("2047"));

  EXPECT_EQ(run({"--config", "recipe.yaml", "clip.wav"}).exit_code, 2);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out.npy"));
}

TEST_F(FeaturesVerb, KeepsTheClipThatItReads) {
  const std::string before = test::read_text(folder_ / "clip.wav");
  const auto result = run({"--config", "recipe.yaml", "clip.wav", "--out", "./clip.wav"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("clip.wav"));
  EXPECT_EQ(test::read_text(folder_ / "clip.wav") == before, true);
}

TEST_F(FeaturesVerb, EndsWith3AndNamesADefectiveClip) {
  test::truncate_file(folder_ / "clip.wav", 1000);
  const auto truncated = run({"--config", "recipe.yaml", "clip.wav", "--out", "out.npy"});
  EXPECT_EQ(truncated.exit_code, 3);
  EXPECT_THAT(truncated.err, AllOf(HasSubstr("clip.wav"), HasSubstr("truncated")));
  EXPECT_EQ(run({"--config", "recipe.yaml", "none.wav", "--out", "out.npy"}).exit_code, 3);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out.npy"));
}

TEST_F(FeaturesVerb, EndsWith3AndNamesAClipThatOverflows) {
  test::write_sound(folder_ / "loud.wav", test::tone(440, 24000, 24000, 1e25),
                    {.format = SF_FORMAT_WAV | SF_FORMAT_FLOAT});
  const auto result = run({"--config", "recipe.yaml", "loud.wav", "--out", "out.npy"});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, AllOf(HasSubstr("loud.wav"), HasSubstr("too large")));
}

}  // namespace
}  // namespace parlando::audio
