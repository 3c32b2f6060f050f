#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "common/config/config.h"
#include "preprocess/pipeline/preprocess_config.h"
#include "tests/support/process.h"

namespace parlando::preprocess {
namespace {

std::vector<std::string> config_files() {
  std::vector<std::string> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(test::source_path("configs/preprocess"))) {
    files.push_back(entry.path().string());
  }
  return files;
}

TEST(PreprocessConfigs, EveryFileLoadsAndNamesItself) {
  ASSERT_FALSE(config_files().empty());
  for (const std::string& file : config_files()) {
    SCOPED_TRACE(file);
    const auto config = load_config<PreprocessConfig>({file});
    EXPECT_EQ(config.name, std::filesystem::path(file).stem().string());
  }
}

TEST(PreprocessConfigs, EveryFileSurvivesBeingWrittenAndReadAgain) {
  for (const std::string& file : config_files()) {
    SCOPED_TRACE(file);
    const std::string once = dump_config(load_config<PreprocessConfig>({file}));
    EXPECT_EQ(dump_config(parse_config<PreprocessConfig>(once, "effective")), once);
  }
}

}  // namespace
}  // namespace parlando::preprocess
