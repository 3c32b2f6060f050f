#include <array>
#include <filesystem>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/audio/feature_extractor.h"
#include "common/core/error.h"
#include "common/io/checksum.h"
#include "common/io/hdf5.h"
#include "common/io/npy.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/audio/sound_file.h"

namespace parlando::audio {
namespace {

using testing::HasSubstr;

class External : public testing::Test {
 protected:
  void write(const std::string& clip, std::vector<float> values, std::vector<std::size_t> shape) {
    write_npy(folder_ / (clip + ".npy"), values, shape);
  }

  ExternalRecipe block(int rows) const {
    ExternalRecipe recipe;
    recipe.path = folder_.path().string();
    recipe.rows = rows;
    return recipe;
  }

  /// Features of one second of a tone under the id "a".
  static FeatureMatrix extract(std::vector<FeatureBlock> blocks) {
    FeatureRecipe recipe;
    recipe.features = std::move(blocks);
    return FeatureExtractor(recipe).extract({22050, 1, 22050, 1, test::tone(500, 22050, 22050)},
                                            "a");
  }

  static std::string defect(std::vector<FeatureBlock> blocks) {
    try {
      extract(std::move(blocks));
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::data) << error.what();
      return error.what();
    }
    return "";
  }

  test::ScratchFolder folder_;
};

TEST_F(External, ReadsTheArrayOfTheClip) {
  write("a", {1, 2, 3, 4, 5, 6}, {2, 3});
  ExternalRecipe recipe = block(2);
  recipe.max_frames = 3;
  const FeatureMatrix features = extract({recipe});
  EXPECT_EQ(features.frames, 3U);
  EXPECT_THAT(features.values, testing::ElementsAre(1, 4, 2, 5, 3, 6));
  recipe.max_frames = 2;
  EXPECT_THAT(defect({recipe}), HasSubstr("max_frames"));
}

TEST_F(External, RepeatsAVectorOverTheFramesOfOtherBlocks) {
  write("a", {7, 8}, {2});
  ExternalRecipe recipe = block(2);
  recipe.repeat = true;
  const FeatureMatrix features = extract({RmsRecipe{}, recipe});
  ASSERT_EQ(features.frames, 44U);
  EXPECT_EQ(features.values[43 * 3 + 1], 7);
  EXPECT_EQ(features.values[43 * 3 + 2], 8);
  EXPECT_THROW(extract({recipe}), Error);
}

TEST_F(External, NamesWhatIsWrongWithAnArray) {
  EXPECT_THAT(defect({block(2)}), HasSubstr("a.npy: no such file"));
  write("a", {1, 2, 3}, {3});
  EXPECT_THAT(defect({block(2)}), HasSubstr("3 rows, the recipe says 2"));
  write("a", {1, std::numeric_limits<float>::quiet_NaN()}, {2});
  EXPECT_THAT(defect({block(2)}), HasSubstr("not a finite number"));
  write("a", {1, 2}, {2, 1, 1});
  EXPECT_THAT(defect({block(2)}), HasSubstr("3 dimensions"));
  write("a", {1, 2}, {1, 2});
  EXPECT_THAT(defect({RmsRecipe{}, block(1)}),
              testing::AllOf(HasSubstr("'external' has 2 frames"), HasSubstr("'rms' has 44")));
  test::write_text(folder_ / "a.npy", "no array");
  EXPECT_THAT(defect({block(2)}), HasSubstr("not a readable .npy"));
  std::filesystem::remove(folder_ / "a.npy");
  std::filesystem::create_directory(folder_ / "a.npy");
  EXPECT_THAT(defect({block(2)}), HasSubstr("a.npy: not a file"));
}

TEST_F(External, ReadsAnHdf5FileWithADatasetAClip) {
  Hdf5Writer writer("arrays");
  writer.write_floats("a", std::array{std::vector<float>{1, 2, 3, 4}}, 2, 2);
  test::write_text(folder_ / "arrays.h5", writer.image());
  ExternalRecipe recipe = block(2);
  recipe.path = (folder_ / "arrays.h5").string();
  recipe.max_frames = 2;
  EXPECT_THAT(extract({recipe}).values, testing::ElementsAre(1, 3, 2, 4));
  FeatureRecipe whole;
  whole.features = {recipe};
  EXPECT_THROW(FeatureExtractor(whole).extract({22050, 1, 1, 1, {0.5F}}, "b"), Error);
}

TEST_F(External, ChangesTheHashOfTheClipWithItsArray) {
  FeatureRecipe recipe;
  recipe.features = {block(1)};
  const auto hash = [&](const std::string& clip) {
    return FeatureExtractor(recipe).input_hash(clip, hash_file);
  };
  write("a", {1}, {1});
  write("b", {1}, {1});
  const std::string before = hash("a");
  EXPECT_NE(before, "");
  EXPECT_EQ(hash("b"), before);
  write("a", {2}, {1});
  EXPECT_NE(hash("a"), before);
  EXPECT_EQ(hash("b"), before);
  EXPECT_EQ(hash("absent"), "");
  recipe.features = {RmsRecipe{}};
  EXPECT_EQ(hash("a"), "");
}

TEST_F(External, AMissingFolderIsNamedOnceAndNotForEveryClip) {
  FeatureRecipe recipe;
  for (const char* name : {"absent", "absent.h5"}) {
    ExternalRecipe absent = block(1);
    absent.path = (folder_ / name).string();
    recipe.features = {absent};
    try {
      FeatureExtractor(recipe).input_hash("a", hash_file);
      FAIL() << "hashed without complaint";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
      EXPECT_THAT(error.what(), testing::HasSubstr(absent.path + ": does not exist"));
    }
  }
}

TEST_F(External, AnArrayThatCannotBeHashedIsLeftToItsClip) {
  write("a", {1}, {1});
  FeatureRecipe recipe;
  recipe.features = {block(1)};
  const FileHash refuse = [](const std::filesystem::path& file) -> std::string {
    fail(ErrorKind::artefact, "{}: cannot open", file.string());
  };
  EXPECT_EQ(FeatureExtractor(recipe).input_hash("a", refuse), "");
}

TEST_F(External, AFileThatIsNoHdf5IsNamedOnceWhateverItsEnding) {
  for (const char* name : {"arrays.h5", "arrays.dat"}) {
    test::write_text(folder_ / name, "no arrays");
    ExternalRecipe text = block(1);
    text.path = (folder_ / name).string();
    FeatureRecipe recipe;
    recipe.features = {text};
    try {
      FeatureExtractor(recipe).input_hash("a", hash_file);
      FAIL() << "hashed without complaint";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
      EXPECT_THAT(error.what(), testing::AllOf(HasSubstr(text.path), HasSubstr("HDF5")));
    }
  }
}

}  // namespace
}  // namespace parlando::audio
