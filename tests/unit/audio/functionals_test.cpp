#include "common/audio/functionals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/audio/feature_extractor.h"
#include "common/core/error.h"
#include "tests/unit/audio/sound_file.h"

namespace parlando::audio {
namespace {

TEST(Functionals, AreNumpysAndScipys) {
  const std::vector<std::string> names{"mean", "std",   "min",   "max",      "range",   "median",
                                       "p5",   "p97.5", "slope", "skewness", "kurtosis"};
  // [frames, rows]: the second row is constant.
  const std::vector<float> values{3, 2, 1, 2, 4, 2, 1, 2, 5, 2, 9, 2};
  const std::vector<float> result = Functionals(names).apply(values, 6);
  const std::vector<float> expected{3.83333F, 2.73354F, 1,        9,         8,         3.5F,
                                    1,        8.5F,     1.11429F, 0.762478F, -0.481171F};
  std::vector<float> first;
  std::vector<float> second;
  for (std::size_t i = 0; i < names.size(); ++i) {
    first.push_back(result[2 * i]);
    second.push_back(result[2 * i + 1]);
  }
  EXPECT_THAT(first, testing::Pointwise(testing::FloatNear(1e-5F), expected));
  EXPECT_THAT(second, testing::ElementsAre(2, 0, 2, 2, 0, 2, 2, 2, 0, 0, 0));
}

TEST(Functionals, OfOneFrameHaveNoSpread) {
  const std::vector<float> value{7};
  EXPECT_THAT(Functionals({"mean", "std", "p5", "slope", "kurtosis"}).apply(value, 1),
              testing::ElementsAre(7, 0, 7, 0, 0));
}

TEST(Functionals, RefuseUnknownNames) {
  EXPECT_THROW(Functionals({"p101"}), Error);
  EXPECT_THROW(Functionals({"p"}), Error);
  EXPECT_THROW(Functionals({"pnan"}), Error);
  EXPECT_THROW(Functionals({"pinf"}), Error);
  EXPECT_THROW(Functionals({"average"}), Error);
  EXPECT_THROW(Functionals({"mean", "mean"}), Error);
}

TEST(Functionals, GiveOneFrameOfNamedRows) {
  FeatureRecipe recipe;
  recipe.features = {MelRecipe{{.n_mels = 2}}};
  recipe.functionals = {"mean", "max"};
  FeatureExtractor extractor(recipe);
  EXPECT_THAT(extractor.row_names(),
              testing::ElementsAre("mel_0_mean", "mel_1_mean", "mel_0_max", "mel_1_max"));
  EXPECT_EQ(extractor.max_frames(22050, 22050), 1U);
  const FeatureMatrix features =
      extractor.extract({22050, 1, 22050, 1, test::tone(500, 22050, 22050)});
  EXPECT_EQ(features.frames, 1U);
  EXPECT_EQ(features.rows, 4U);
  EXPECT_GT(features.values[2], features.values[0]);
}

}  // namespace
}  // namespace parlando::audio
