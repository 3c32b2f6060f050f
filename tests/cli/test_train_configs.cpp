#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "common/config/config.h"
#include "tests/support/process.h"
#include "train/run/train_config.h"

namespace parlando::train {
namespace {

std::vector<std::string> config_files() {
  std::vector<std::string> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(test::source_path("configs/train"))) {
    files.push_back(entry.path().string());
  }
  return files;
}

TEST(TrainConfigs, EveryFileLoadsAndNamesItself) {
  ASSERT_FALSE(config_files().empty());
  for (const std::string& file : config_files()) {
    SCOPED_TRACE(file);
    const auto config = load_config<TrainConfig>({file});
    EXPECT_EQ(config.name, std::filesystem::path(file).stem().string());
  }
}

TEST(TrainConfigs, EveryFileHasItsPreprocessRecipe) {
  for (const std::string& file : config_files()) {
    const auto name = std::filesystem::path(file).filename();
    EXPECT_TRUE(std::filesystem::exists(test::source_path("configs/preprocess") / name)) << file;
  }
}

TEST(TrainConfigs, EveryFileSurvivesBeingWrittenAndReadAgain) {
  for (const std::string& file : config_files()) {
    SCOPED_TRACE(file);
    const auto config = load_config<TrainConfig>({file});
    const auto again = parse_config<TrainConfig>(dump_config(config), "effective");
    EXPECT_EQ(dump_config(again), dump_config(config));
    EXPECT_EQ(again.hash(), config.hash());
  }
}

TEST(TrainConfigs, TheHashLeavesOutWhatNoResultDependsOn) {
  const auto file = test::source_path("configs/train/mel128.yaml").string();
  const auto config = load_config<TrainConfig>({file});
  EXPECT_EQ(load_config<TrainConfig>({file}, {"threads=3"}).hash(), config.hash());
  EXPECT_NE(load_config<TrainConfig>({file}, {"seed=43"}).hash(), config.hash());
}

}  // namespace
}  // namespace parlando::train
