#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/text.h"
#include "common/io/atomic_file.h"
#include "common/io/json.h"
#include "tests/fault/faulty_run.h"

namespace parlando::test {
namespace {

using testing::HasSubstr;

// Float64 sums in another order, amplified by three epochs of training.
constexpr double kTolerance = 1e-9;

std::vector<Json> lines_of(const std::filesystem::path& path) {
  std::vector<Json> lines;
  for (const std::string& line : split_text(read_file(path), '\n')) {
    if (!line.empty()) lines.push_back(Json::parse(line));
  }
  return lines;
}

/// One command line, started again on another number of ranks after each stop.
class ResumeOnOtherRanks : public testing::Test {
 protected:
  static std::vector<std::string> options(const std::vector<std::string>& more) {
    std::vector<std::string> all = all_recipe_options();
    all.insert(all.end(), {"epochs=3", "threads=1", "log_steps=true"});
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  /// The folder of a run that `ranks` begin and stop at a step, `next` continue and stop, and
  /// `last` end. `log` is what the continued ones said.
  std::filesystem::path interrupted(int ranks, int next, int last,
                                    const std::vector<std::string>& overrides, std::string& log) {
    const std::filesystem::path run = data_.folder() / "stopped";
    const ProcessResult first =
        faulty_run(data_, run, ranks, overrides, "usr1 0 1 4 training step");
    EXPECT_EQ(first.exit_code, 85) << first.err;
    const ProcessResult second =
        faulty_run(data_, run, next, overrides, "usr1 0 2 7 training step");
    EXPECT_EQ(second.exit_code, 85) << second.err;
    const ProcessResult third = faulty_run(data_, run, last, overrides, "");
    EXPECT_EQ(third.exit_code, 0) << third.err;
    log = second.err + third.err;
    return run;
  }

  std::filesystem::path whole(const std::vector<std::string>& overrides) {
    const std::filesystem::path run = data_.folder() / "whole";
    const ProcessResult result = faulty_run(data_, run, 1, overrides, "");
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return run;
  }

  SmallDataset data_;
};

TEST_F(ResumeOnOtherRanks, GivesTheSameNumbersAndSaysSo) {
  const std::vector<std::string> overrides = options({"precision=float64"});
  std::string log;
  const std::filesystem::path run = interrupted(2, 3, 1, overrides, log);
  EXPECT_THAT(log, HasSubstr("the checkpoint is of 2 ranks, this run has 3: the result is the same "
                             "within rounding"));
  EXPECT_THAT(log, HasSubstr("the checkpoint is of 3 ranks, this run has 1"));
  EXPECT_THAT(log, HasSubstr("continuing after epoch 1 and "));
  const std::filesystem::path reference = whole(overrides);
  const std::vector<Json> found = lines_of(run / "steps.jsonl");
  const std::vector<Json> expected = lines_of(reference / "steps.jsonl");
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i]["batch"], expected[i]["batch"]) << i;
    EXPECT_NEAR(found[i]["loss"].get<double>(), expected[i]["loss"].get<double>(), kTolerance) << i;
  }
  const std::vector<Json> epochs = lines_of(run / "metrics.jsonl");
  const std::vector<Json> expected_epochs = lines_of(reference / "metrics.jsonl");
  ASSERT_EQ(epochs.size(), expected_epochs.size());
  for (std::size_t i = 0; i < epochs.size(); ++i) {
    for (const char* key : {"train_loss", "validation_loss", "validation_uar", "learning_rate"}) {
      EXPECT_NEAR(epochs[i][key].get<double>(), expected_epochs[i][key].get<double>(), kTolerance)
          << "epoch " << i + 1 << ", " << key;
    }
  }
}

TEST_F(ResumeOnOtherRanks, GivesTheSameBitsWithMicroShards) {
  const std::vector<std::string> overrides = options({"distributed.micro_shards=4"});
  std::string log;
  const std::filesystem::path run = interrupted(4, 1, 2, overrides, log);
  EXPECT_THAT(log, HasSubstr("the checkpoint is of 4 ranks, this run has 1: the result is the same "
                             "bit for bit"));
  const std::filesystem::path reference = whole(overrides);
  for (const char* file : {"steps.jsonl", "model/model.safetensors", "predictions-test.jsonl"})
    EXPECT_TRUE(read_file(run / file) == read_file(reference / file)) << file;
}

TEST_F(ResumeOnOtherRanks, IsRefusedWhereTheBatchWouldChange) {
  const std::vector<std::string> overrides = options({"batch_size_per_rank=8"});
  const std::filesystem::path run = data_.folder() / "run";
  const ProcessResult first = faulty_run(data_, run, 2, overrides, "usr1 0 1 4 training step");
  ASSERT_EQ(first.exit_code, 85) << first.err;
  const ProcessResult second = faulty_run(data_, run, 3, overrides, "");
  EXPECT_EQ(second.exit_code, 4) << second.err;
  EXPECT_THAT(second.err, HasSubstr("trained with 16 samples a step and this start has 24; start "
                                    "as many ranks as before"));
  const ProcessResult third = faulty_run(data_, run, 2, overrides, "");
  EXPECT_EQ(third.exit_code, 0) << third.err;
}

}  // namespace
}  // namespace parlando::test
