#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/text.h"
#include "common/io/atomic_file.h"
#include "common/io/json.h"
#include "tests/e2e/small_dataset.h"
#include "tests/support/running_process.h"

namespace parlando {
namespace {

/// Lines of metrics.jsonl without what time decides.
std::vector<Json> metrics_of(const std::filesystem::path& run) {
  std::vector<Json> lines;
  for (const std::string& text : split_text(read_file(run / "metrics.jsonl"), '\n')) {
    if (text.empty()) continue;
    Json line = Json::parse(text);
    for (const char* key : {"seconds", "samples_per_second", "data_wait"}) line.erase(key);
    lines.push_back(line);
  }
  return lines;
}

class Recipe : public testing::Test {
 protected:
  std::filesystem::path train(const std::string& name, const std::vector<std::string>& overrides) {
    const std::filesystem::path run = data_.folder() / name;
    const test::ProcessResult result = test::run_process(data_.train_command(run, overrides));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return run;
  }

  /// Trains, stops after the first epoch, continues; the end must be that of `whole`.
  void expect_resume_to_equal(const std::filesystem::path& whole,
                              const std::vector<std::string>& options) {
    const std::filesystem::path run = data_.folder() / "stopped";
    {
      test::RunningProcess process(data_.train_command(run, options), data_.folder() / "log");
      const auto epochs = [&] {
        return std::ranges::count(test::read_text(run / "metrics.jsonl"), '\n');
      };
      for (int i = 0; i < 6000 && epochs() < 2; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      process.signal(SIGUSR1);
      ASSERT_EQ(process.wait(), 85) << test::read_text(data_.folder() / "log");
    }
    train("stopped", options);
    EXPECT_EQ(metrics_of(run), metrics_of(whole));
    EXPECT_EQ(read_file(run / "model/model.safetensors"),
              read_file(whole / "model/model.safetensors"));
  }

  test::SmallDataset data_;
};

TEST_F(Recipe, WithAllOptionsOnContinuesWithTheSameBits) {
  std::vector<std::string> options = test::all_recipe_options();
  options.emplace_back("epochs=6");
  expect_resume_to_equal(train("whole", options), options);
}

TEST_F(Recipe, WithMomentumPlateauAndTheLastEpochsMeanContinuesWithTheSameBits) {
  const std::vector<std::string> options{"epochs=6",
                                         "sampling.oversample=once",
                                         "optimizer.kind=sgd",
                                         "optimizer.momentum=0.9",
                                         "optimizer.nesterov=true",
                                         "optimizer.learning_rate=0.05",
                                         "schedule.plateau.monitor=accuracy",
                                         "schedule.plateau.patience=1",
                                         "schedule.plateau.cooldown=1",
                                         "averaging.kind=last",
                                         "averaging.epochs=3",
                                         "early_stopping.restore_best=false",
                                         "early_stopping.enabled=false"};
  expect_resume_to_equal(train("whole", options), options);
}

TEST_F(Recipe, AugmentsTrainingSamplesAndNoOthers) {
  // Nothing is learned, so validation and test see one and the same network in both runs.
  const std::vector<std::string> still{"epochs=1", "optimizer.learning_rate=0",
                                       "model.norm.momentum=1"};
  std::vector<std::string> augmented = still;
  for (const char* option :
       {"augment.noise.probability=1", "augment.noise.std=1", "augment.time_shift.probability=1",
        "augment.time_mask.probability=1", "augment.frequency_mask.probability=1",
        "augment.mixup.probability=1"}) {
    augmented.emplace_back(option);
  }
  const std::filesystem::path plain = train("plain", still), changed = train("changed", augmented);
  const Json one = metrics_of(plain).at(0), other = metrics_of(changed).at(0);
  EXPECT_NE(one["train_loss"], other["train_loss"]);
  EXPECT_EQ(one["validation_loss"], other["validation_loss"]);
  EXPECT_EQ(read_file(plain / "predictions-test.jsonl"),
            read_file(changed / "predictions-test.jsonl"));
}

TEST_F(Recipe, EndsWithOneMessageWhenTheLossIsNotFinite) {
  const std::vector<std::string> wild{"epochs=2", "optimizer.kind=sgd",
                                      "optimizer.learning_rate=1e30", "log_steps=true"};
  const auto run = [&](const char* name, const char* more) {
    std::vector<std::string> options = wild;
    options.emplace_back(more);
    return test::run_process(data_.train_command(data_.folder() / name, options));
  };
  const test::ProcessResult stopped = run("stop", "on_non_finite=stop");
  EXPECT_EQ(stopped.exit_code, 3) << stopped.err;
  EXPECT_NE(stopped.err.find("not finite in epoch 1"), std::string::npos) << stopped.err;
  const test::ProcessResult skipped = run("skip", "on_non_finite=skip");
  EXPECT_EQ(skipped.exit_code, 3) << skipped.err;
  EXPECT_NE(skipped.err.find("the step is left out"), std::string::npos) << skipped.err;
  EXPECT_NE(skipped.err.find("no step of epoch"), std::string::npos) << skipped.err;
  std::size_t left_out = 0;
  for (const std::string& text : split_text(read_file(data_.folder() / "skip/steps.jsonl"), '\n')) {
    if (text.empty()) continue;
    const Json line = Json::parse(text);
    const bool was_skipped = line.value("skipped", false);
    EXPECT_EQ(line["loss"].is_null(), was_skipped) << text;
    if (!was_skipped) continue;
    ++left_out;
    EXPECT_THAT(line["reason"], testing::HasSubstr("not finite")) << text;
    EXPECT_GT(line["samples"], 0) << text;
  }
  EXPECT_GT(left_out, 0u);
}

}  // namespace
}  // namespace parlando
