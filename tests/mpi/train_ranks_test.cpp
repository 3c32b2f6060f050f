#include <cmath>

#include <gtest/gtest.h>

#include "common/core/text.h"
#include "common/io/atomic_file.h"
#include "common/io/json.h"
#include "tests/e2e/small_dataset.h"
#include "tests/support/process.h"

namespace parlando {
namespace {

// Float64 sums of a few hundred values differ by about 1e-13 with the order of the ranks; three
// epochs of Adam amplify that. Anything real (a sample twice, a mask by rank) is 1e-4 and more.
constexpr double kTolerance = 1e-9;

std::vector<Json> metrics_of(const std::filesystem::path& run) {
  std::vector<Json> lines;
  for (const std::string& line : split_text(read_file(run / "metrics.jsonl"), '\n')) {
    if (!line.empty()) lines.push_back(Json::parse(line));
  }
  return lines;
}

class TrainRanks : public testing::Test {
 protected:
  /// Trains on `ranks` ranks and returns the run folder.
  std::filesystem::path train(int ranks, const std::vector<std::string>& overrides) const {
    const std::filesystem::path run = data_.folder() / ("run-" + std::to_string(ranks));
    std::vector<std::string> command = ranks > 1 ? test::mpirun(ranks) : std::vector<std::string>{};
    const std::vector<std::string> train = data_.train_command(run, overrides);
    command.insert(command.end(), train.begin(), train.end());
    const test::ProcessResult result = test::run_process(command, test::mpi_options());
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return run;
  }

  test::SmallDataset data_;
};

TEST_F(TrainRanks, GiveTheSameNumbersForOneTwoAndThreeRanks) {
  // The last batch holds one sample: with three ranks two of them have none.
  const std::int64_t samples = data_.training_samples();
  const std::vector<std::string> overrides{"precision=float64", "epochs=3", "threads=1",
                                           "batch_size=" + std::to_string(samples - 1)};
  const std::filesystem::path one = train(1, overrides);
  const std::vector<Json> reference = metrics_of(one);
  ASSERT_EQ(reference.size(), 3u);
  for (const int ranks : {2, 3}) {
    const std::filesystem::path run = train(ranks, overrides);
    const std::vector<Json> lines = metrics_of(run);
    ASSERT_EQ(lines.size(), reference.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
      for (const char* key :
           {"train_loss", "train_accuracy", "validation_loss", "validation_accuracy"}) {
        EXPECT_NEAR(lines[i][key].get<double>(), reference[i][key].get<double>(), kTolerance)
            << ranks << " ranks, epoch " << i + 1 << ", " << key;
      }
    }
    const Json result = read_json(run / "result.json");
    EXPECT_EQ(result["world_size"], ranks);
    EXPECT_EQ(result["confusion"], read_json(one / "result.json")["confusion"]);
    EXPECT_EQ(metrics_of(run).size(), 3u) << "rank 0 alone writes";
  }
}

TEST_F(TrainRanks, WithoutSyncBatchNormStillEndAndAgree) {
  const std::filesystem::path run = train(2, {"epochs=1", "threads=1", "sync_batch_norm=false"});
  EXPECT_TRUE(std::isfinite(metrics_of(run).at(0)["validation_loss"].get<double>()));
}

}  // namespace
}  // namespace parlando
