#include <filesystem>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/io/json.h"
#include "tests/e2e/small_sweep.h"

namespace parlando::test {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kGrid =
    "name: small\nmethod: grid\nmetric: {name: validation_uar}\n"
    "parameters:\n  optimizer.learning_rate: {values: [1e-3, 3e-3, 1e30]}\n"
    "  model.lstm.hidden: {values: [4, 8]}\n";

std::size_t occurrences(const std::string& text, const std::string& word) {
  std::size_t count = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
    ++count;
  return count;
}

TEST(Sweep, TrainsAllTrialsAndNamesThoseThatFail) {
  const SmallSweep sweep(kGrid);
  const ProcessResult first = run_process(sweep.run_command());
  EXPECT_EQ(first.exit_code, 3) << first.err;
  EXPECT_THAT(first.out, HasSubstr("failed: 2 of 6 trials: 2, 5: parlando-train: the loss is not"));

  const Json results = read_json(sweep.out() / "results.json");
  EXPECT_EQ(results.at("failed"), (Json{2, 5}));
  EXPECT_TRUE(results.at("missing").empty());
  for (const Json& trial : results.at("trials")) {
    if (trial.at("status") == "failed") continue;
    EXPECT_EQ(trial.at("epochs"), 2);
    const fs::path run = sweep.out() / trial.at("run").get<std::string>();
    const Json validation = read_json(run / "validation.json");
    EXPECT_EQ(validation.at("uar").at("value"), trial.at("value"))
        << "the sweep's figure is that of the weights kept";
    EXPECT_EQ(validation.at("uar").at("ci95"), trial.at("ci95"));
    for (const char* of_the_test_side :
         {"result.json", "predictions-test.jsonl", "test_reads.jsonl"})
      EXPECT_FALSE(fs::exists(run / of_the_test_side)) << of_the_test_side;
  }

  // Again: what is finished stays, what failed is tried once more.
  const auto written = fs::last_write_time(sweep.trial(0) / "run" / "validation.json");
  const ProcessResult again = run_process(sweep.run_command());
  EXPECT_EQ(again.exit_code, 3);
  EXPECT_THAT(again.err, HasSubstr("6 trials, 2 to go"));
  EXPECT_EQ(fs::last_write_time(sweep.trial(0) / "run" / "validation.json"), written);
  EXPECT_EQ(occurrences(read_text(sweep.trial(0) / "log.txt"), "[begin "), 1u);
  EXPECT_EQ(occurrences(read_text(sweep.trial(2) / "log.txt"), "[begin "), 2u);
}

TEST(Sweep, LeavesABestConfigurationThatTrains) {
  const SmallSweep sweep(
      "method: grid\nmetric: {name: validation_loss}\nseeds: [1, 2]\n"
      "parameters: {optimizer.learning_rate: {values: [1e-5, 1e-2]}}\n");
  EXPECT_EQ(run_process(sweep.run_command()).exit_code, 0);
  const Json results = read_json(sweep.out() / "results.json");
  const Json& first = results.at("leaderboard")[0];
  EXPECT_LT(first.at("mean"), results.at("leaderboard")[1].at("mean"));
  ASSERT_EQ(first.at("trials").size(), 2u);
  const int best = first.at("trials")[0].get<int>();
  EXPECT_EQ(first.at("configuration"), best / 2);
  const double rate = best < 2 ? 1e-5 : 1e-2;
  EXPECT_EQ(results.at("trials")[best].at("parameters").at("optimizer.learning_rate"), rate);
  const fs::path run = sweep.data().folder() / "final";
  const ProcessResult trained =
      run_process({program("parlando-train"), "--config", (sweep.out() / "best.yaml").string(),
                   "--data", sweep.data().data().string(), "--run", run.string()});
  EXPECT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_THAT(read_text(run / "config.yaml"), HasSubstr(fmt::format("learning_rate: {}\n", rate)));
  EXPECT_THAT(read_text(run / "config.yaml"), HasSubstr("\nseed: 5\n"))
      << "the seed is the recipe's own, not a trial's";
  EXPECT_TRUE(fs::exists(run / "result.json"));
}

TEST(Sweep, HalvesAndMakesEachDatasetOnce) {
  const SmallSweep sweep("");
  const fs::path recipe = sweep.data().folder() / "recipe.yaml";
  write_text(recipe,
             "name: small\nwaveform: {sample_rate: 22050, duration: 3, fix_length: 66150}\n"
             "features: [{block: log_mel, n_mels: 16, hop_length: 1024}]\n"
             "split: {scheme: stratified, by: emotion}\n");
  write_text(
      sweep.config(),
      "method: asha\nrun_cap: 9\nmetric: {name: validation_loss}\n"
      "early_terminate: {min_iter: 1, eta: 3}\n"
      "train: " +
          sweep.data().config().string() + "\npreprocess: " + recipe.string() +
          "\ncorpus: " + sweep.data().corpus().string() +
          "\nparameters:\n  epochs: {value: 4}\n"
          "  optimizer.learning_rate: {distribution: log_uniform_values, min: 1e-4, max: 0.1}\n"
          "  preprocess.features.0.n_mels: {values: [12, 16]}\n");
  const ProcessResult done = run_process(sweep.run_command());
  EXPECT_EQ(done.exit_code, 0) << done.err;
  const Json results = read_json(sweep.out() / "results.json");
  EXPECT_THAT(results.at("rungs").get<std::vector<int>>(), ElementsAre(1, 3, 4));
  std::int64_t epochs = 0, to_the_end = 0;
  std::set<std::string> datasets;
  for (const Json& trial : results.at("trials")) {
    epochs += trial.at("epochs").get<std::int64_t>();
    if (trial.at("status") == "finished") ++to_the_end;
    datasets.insert(trial.at("dataset").get<std::string>());
  }
  EXPECT_EQ(to_the_end, 1);
  EXPECT_LT(epochs, 9 * 4 * 2 / 3) << "most trials end at the first rung";
  EXPECT_EQ(datasets.size(), 2u);
  for (const std::string& dataset : datasets) {
    const std::string log = read_text(sweep.out() / "datasets" / (dataset + ".log"));
    EXPECT_EQ(occurrences(log, "[begin "), 1u);
  }
  const ProcessResult status = sweep.act("status");
  EXPECT_THAT(status.out, HasSubstr("9 trials: 1 finished, 8 stopped early, 0 failed, 0 running"));
}

TEST(Sweep, StartsTrialsOutsideTheLauncherThatItRunsIn) {
  const SmallSweep sweep(
      "method: grid\nmetric: {name: validation_uar}\nparameters: {epochs: {value: 1}}\n");
  // As one of four processes of a launcher; a trial that believed it would wait for the others.
  const ProcessResult result =
      run_process(sweep.run_command(), {.environment = {{"RANK", "1"},
                                                        {"WORLD_SIZE", "4"},
                                                        {"MASTER_ADDR", "127.0.0.1"},
                                                        {"MASTER_PORT", "29999"},
                                                        {"SLURM_STEP_ID", "0"},
                                                        {"SLURM_PROCID", "1"},
                                                        {"SLURM_NTASKS", "4"},
                                                        {"SLURM_JOB_ID", "1"}}});
  EXPECT_EQ(result.exit_code, 0) << result.err << read_text(sweep.trial(0) / "log.txt");
}

TEST(Sweep, RefusesWhatCannotWork) {
  const SmallSweep sweep(kGrid);
  const auto refused = [&](const std::vector<std::string>& keys, const std::string& words) {
    const ProcessResult result = run_process(sweep.run_command(keys));
    EXPECT_EQ(result.exit_code, 2) << result.err;
    EXPECT_THAT(result.err, HasSubstr(words));
    EXPECT_FALSE(fs::exists(sweep.out()));
  };
  refused({"metric.name=test_uar"}, "chooses by the validation side alone");
  refused({"parameters={}"}, "parameters: is empty");
  refused({"parameters={optimizer.learning_rat: {value: 1}}"}, "did you mean 'learning_rate'");
  refused({"parameters.epochs.distribution=gaussian"}, "'gaussian' is not one of");
  refused({"parameters.epochs={values: []}"}, "epochs: has no values");
  refused({"metod=grid"}, "did you mean 'method'");
  refused({"data=/nowhere"}, "data: /nowhere does not exist");
  EXPECT_EQ(sweep.act("status").exit_code, 4);
  EXPECT_EQ(sweep.act("collect").exit_code, 4);

  const ProcessResult submit =
      run_process({program("parlando-sweep"), "submit", "--config", sweep.config().string(),
                   "--out", sweep.out().string()},
                  {.environment = {{"PATH", sweep.data().folder().string()}}});
  EXPECT_EQ(submit.exit_code, 2);
  EXPECT_THAT(submit.err, HasSubstr("no sbatch on PATH"));
  EXPECT_THAT(submit.err, HasSubstr("parlando sweep run"));
}

TEST(UntilEpoch, PausesATrainingThatThenEndsWithTheSameBits) {
  const SmallDataset data;
  const auto train = [&](const std::string& run, std::vector<std::string> more) {
    more.insert(more.begin(), {"epochs=4"});
    return run_process(data.train_command(data.folder() / run, more));
  };
  EXPECT_EQ(train("whole", {"--no-test"}).exit_code, 0);
  for (const std::string bound : {"1", "1", "3"}) {
    const ProcessResult paused = train("parts", {"--no-test", "--until-epoch", bound});
    EXPECT_EQ(paused.exit_code, 85) << paused.err;
    EXPECT_EQ(occurrences(read_text(data.folder() / "parts" / "metrics.jsonl"), "\n"),
              static_cast<std::size_t>(std::stoi(bound)));
  }
  EXPECT_EQ(train("parts", {"--no-test", "--until-epoch", "9"}).exit_code, 0);
  for (const char* file : {"model/model.safetensors", "predictions-validation.jsonl"}) {
    EXPECT_EQ(read_text(data.folder() / "parts" / file), read_text(data.folder() / "whole" / file))
        << file;
  }

  // The test side is read when somebody asks for it, and without training again.
  EXPECT_FALSE(fs::exists(data.folder() / "parts" / "result.json"));
  const auto checkpoint = read_text(data.folder() / "parts" / "metrics.jsonl");
  const ProcessResult tested = train("parts", {});
  EXPECT_EQ(tested.exit_code, 0) << tested.err;
  EXPECT_TRUE(fs::exists(data.folder() / "parts" / "result.json"));
  EXPECT_EQ(read_text(data.folder() / "parts" / "metrics.jsonl"), checkpoint);
  EXPECT_THAT(tested.err, Not(HasSubstr("epoch   1/4")));
}

}  // namespace
}  // namespace parlando::test
