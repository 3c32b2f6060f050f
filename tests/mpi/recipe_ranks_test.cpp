#include <gtest/gtest.h>

#include "common/core/text.h"
#include "common/io/atomic_file.h"
#include "common/io/json.h"
#include "tests/e2e/small_dataset.h"
#include "tests/support/process.h"

namespace parlando {
namespace {

// As in train_ranks_test.cpp: float64, sums in another order, amplified by three epochs.
constexpr double kTolerance = 1e-9;

std::vector<Json> train(const test::SmallDataset& data, int ranks,
                        const std::vector<std::string>& overrides) {
  const std::filesystem::path run = data.folder() / ("run-" + std::to_string(ranks));
  std::vector<std::string> command = ranks > 1 ? test::mpirun(ranks) : std::vector<std::string>{};
  const std::vector<std::string> train = data.train_command(run, overrides);
  command.insert(command.end(), train.begin(), train.end());
  const test::ProcessResult result = test::run_process(command, test::mpi_options());
  EXPECT_EQ(result.exit_code, 0) << result.err;
  std::vector<Json> lines;
  for (const std::string& line : split_text(read_file(run / "metrics.jsonl"), '\n')) {
    if (!line.empty()) lines.push_back(Json::parse(line));
  }
  return lines;
}

void expect_close(const std::vector<Json>& lines, const std::vector<Json>& reference) {
  ASSERT_EQ(lines.size(), reference.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    for (const char* key : {"train_loss", "train_accuracy", "validation_loss",
                            "validation_accuracy", "validation_macro_f1", "learning_rate"}) {
      EXPECT_NEAR(lines[i][key].get<double>(), reference[i][key].get<double>(), kTolerance)
          << "epoch " << i + 1 << ", " << key;
    }
  }
}

TEST(Recipe, WithAllOptionsOnGivesTheSameForOneAndTwoRanks) {
  const test::SmallDataset data;
  std::vector<std::string> options = test::all_recipe_options();
  options.insert(options.end(), {"precision=float64", "epochs=3"});
  const std::vector<Json> one = train(data, 1, options);
  ASSERT_EQ(one.size(), 3u);
  expect_close(train(data, 2, options), one);
}

TEST(Recipe, WithABatchPerRankEqualsTheGlobalBatchAtTheScaledRate) {
  const test::SmallDataset data;
  const std::vector<std::string> common{"precision=float64", "epochs=2", "threads=1"};
  std::vector<std::string> global = common, per_rank = common;
  global.insert(global.end(), {"batch_size=24", "optimizer.learning_rate=0.003"});
  per_rank.insert(per_rank.end(),
                  {"batch_size=8", "batch_size_per_rank=12", "optimizer.learning_rate=0.001"});
  expect_close(train(data, 2, per_rank), train(data, 1, global));
}

TEST(Recipe, LeavesStepsOutOnAllRanksTogetherAndSaysTheEndOnce) {
  const test::SmallDataset data;
  std::vector<std::string> command = test::mpirun(2);
  const std::vector<std::string> train = data.train_command(
      data.folder() / "run", {"epochs=3", "threads=1", "optimizer.kind=sgd",
                              "optimizer.learning_rate=1e30", "on_non_finite=skip"});
  command.insert(command.end(), train.begin(), train.end());
  const test::ProcessResult result = test::run_process(command, test::mpi_options());
  EXPECT_EQ(result.exit_code, 3) << result.err;
  EXPECT_NE(result.err.find("the step is left out"), std::string::npos) << result.err;
  const std::size_t end = result.err.find("no step of epoch");
  ASSERT_NE(end, std::string::npos) << result.err;
  EXPECT_EQ(result.err.find("no step of epoch", end + 1), std::string::npos) << result.err;
}

}  // namespace
}  // namespace parlando
