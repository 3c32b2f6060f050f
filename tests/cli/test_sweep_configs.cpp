#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "common/config/config.h"
#include "experiments/sweep/space/search_space.h"
#include "experiments/sweep/space/sweep_config.h"
#include "preprocess/pipeline/preprocess_config.h"
#include "tests/support/process.h"
#include "train/run/train_config.h"

namespace parlando::sweep {
namespace {

TEST(SweepConfigs, EveryTrialOfEveryFileIsAConfiguration) {
  std::size_t files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(test::source_path("configs/sweep"))) {
    SCOPED_TRACE(entry.path().string());
    const SweepConfig config = load_sweep_config(entry.path().string(), {});
    EXPECT_EQ(config.name, entry.path().stem().string());
    const std::vector<Trial> trials = make_trials(config);
    EXPECT_FALSE(trials.empty());
    std::set<std::vector<std::string>> preprocessing;
    for (const Trial& trial : trials) {
      EXPECT_NO_THROW(
          train::load_train_config({test::source_path(config.train).string()}, trial.train_keys()));
      if (!config.preprocess.empty()) preprocessing.insert(trial.preprocess_keys());
    }
    for (const std::vector<std::string>& keys : preprocessing) {
      EXPECT_NO_THROW(load_config<preprocess::PreprocessConfig>(
          {test::source_path(config.preprocess).string()}, keys));
    }
    ++files;
  }
  EXPECT_GT(files, 0u);
}

}  // namespace
}  // namespace parlando::sweep
