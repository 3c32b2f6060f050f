#include <filesystem>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "experiments/study/plan/study_plan.h"
#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"

namespace parlando::study {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_of(const std::string& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(test::source_path(folder)))
    files.push_back(entry.path());
  return files;
}

/// Paths in studies are relative to the top of the source.
class Studies : public ::testing::Test {
 protected:
  Studies() : before_(fs::current_path()) { fs::current_path(test::source_path(".")); }
  ~Studies() override { fs::current_path(before_); }

 private:
  fs::path before_;
};

TEST_F(Studies, EveryRowIsAConfiguration) {
  ASSERT_FALSE(files_of("experiments/studies").empty());
  for (const fs::path& file : files_of("experiments/studies")) {
    SCOPED_TRACE(file.string());
    const StudyPlan plan(report::load_study_config(file.string()));
    EXPECT_EQ(plan.config().name, file.stem().string());
    EXPECT_FALSE(plan.config().question.empty());
    std::set<std::string> runs, keys;
    for (const StudyRun& run : plan.runs()) {
      EXPECT_TRUE(runs.insert(run.name()).second) << run.name();
      const bool fresh = keys.insert(run.train_key + run.recipe_key).second;
      EXPECT_TRUE(fresh) << run.name() << " changes nothing against another row";
    }
  }
}

TEST_F(Studies, LeaksStandOnlyWhereTheRowSaysSo) {
  for (const fs::path& file : files_of("experiments/studies")) {
    const StudyPlan plan(report::load_study_config(file.string()));
    for (const StudyRun& run : plan.runs()) {
      EXPECT_EQ(plan.train_of(run).protocol.leaks(), run.row.find("leak") != std::string::npos)
          << file << ": " << run.row;
      if (!plan.train_of(run).protocol.leaks()) continue;
      EXPECT_EQ(plan.preprocess_of(run).split.validation_fraction, 0);
    }
  }
}

TEST_F(Studies, TheExampleOfTheDocumentIsOne) {
  const std::string text = test::read_text("docs/studies.md"), fence = "```yaml\n";
  const std::size_t begin = text.find(fence) + fence.size();
  const test::ScratchFolder folder;
  test::write_text(folder / "study.yaml", text.substr(begin, text.find("```", begin) - begin));
  const StudyPlan plan(report::load_study_config((folder / "study.yaml").string()));
  EXPECT_EQ(plan.runs().size(), 3u + 3u + 1u);
}

TEST_F(Studies, EveryOverlaySaysWhatItChangesAndIsUsed) {
  std::set<std::string> used;
  for (const fs::path& file : files_of("experiments/studies")) {
    for (const report::StudyRowConfig& row : report::load_study_config(file.string()).rows)
      used.insert(row.overlays.begin(), row.overlays.end());
  }
  for (const std::string folder :
       {"experiments/ablations", "experiments/ideas", "experiments/reference"}) {
    for (const fs::path& file : files_of(folder)) {
      EXPECT_TRUE(test::read_text(file).starts_with("# ")) << file;
      EXPECT_TRUE(used.contains(folder + "/" + file.filename().string())) << file;
    }
  }
}

}  // namespace
}  // namespace parlando::study
