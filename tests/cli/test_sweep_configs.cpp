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
#include "tests/support/scratch_folder.h"
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

/// The YAML examples of a document.
std::vector<std::string> examples(const std::string& document) {
  const std::string text = test::read_text(test::source_path(document)), fence = "```yaml\n";
  std::vector<std::string> found;
  for (std::size_t at = 0; (at = text.find(fence, at)) != std::string::npos;) {
    at += fence.size();
    found.push_back(text.substr(at, text.find("```", at) - at));
  }
  return found;
}

TEST(SweepConfigs, TheExamplesOfTheDocumentAreConfigurations) {
  const std::vector<std::string> found = examples("docs/sweeps.md");
  ASSERT_EQ(found.size(), 2u);
  // The second is another search space for the first.
  const std::string others = found[0].substr(0, found[0].find("parameters:"));
  for (const std::string& text : {found[0], others + found[1]}) {
    const auto config = parse_config<SweepConfig>(text, "docs/sweeps.md");
    for (const Trial& trial : make_trials(config)) {
      EXPECT_NO_THROW(
          train::load_train_config({test::source_path(config.train).string()}, trial.train_keys()));
    }
  }
}

}  // namespace
}  // namespace parlando::sweep
