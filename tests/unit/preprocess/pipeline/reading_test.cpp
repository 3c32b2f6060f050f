#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "preprocess/pipeline/preprocess_job.h"
#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/preprocess/pipeline/sample_job.h"

namespace parlando {
namespace {

/// The Python blocks of a page of docs/.
std::vector<std::string> python_blocks(const std::filesystem::path& page) {
  const std::string text = test::read_text(page);
  const std::string begin = "```python\n";
  std::vector<std::string> blocks;
  for (std::size_t at = text.find(begin); at != std::string::npos; at = text.find(begin, at)) {
    at += begin.size();
    const std::size_t end = text.find("```", at);
    blocks.push_back(text.substr(at, end - at));
  }
  return blocks;
}

TEST(ReadingPage, EveryExampleRuns) {
  const char* python = std::getenv("PARLANDO_PYTHON");
  if (python == nullptr) {
    GTEST_SKIP() << "PARLANDO_PYTHON names no Python with h5py, NumPy and torch";
  }
  const std::vector<std::string> blocks = python_blocks(test::source_path("docs/reading.md"));
  ASSERT_EQ(blocks.size(), 3U);
  const test::ScratchFolder folder;
  preprocess::run_preprocess(test::sample_job(folder / "dataset"));
  for (const std::string& block : blocks) {
    if (block.find("import torch") != std::string::npos &&
        test::run_process({python, "-c", "import torch"}).exit_code != 0) {
      continue;  // the other examples need no torch
    }
    const test::ProcessResult result = test::run_process(
        {python, "-c", block},
        {.environment = {{"DATASET", (folder / "dataset").string()}, {"OMP_NUM_THREADS", "1"}}});
    EXPECT_EQ(result.exit_code, 0) << block << result.err;
    EXPECT_FALSE(result.out.empty()) << block;
  }
}

}  // namespace
}  // namespace parlando
