#include "experiments/sweep/folder/sweep_folder.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "experiments/sweep/submit/submit.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/sweep/made_up_sweep.h"

namespace parlando::sweep {
namespace {

using test::ScratchFolder;
using test::write_text;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class SweepFolder : public testing::Test {
 protected:
  SweepFolder() {
    write_text(scratch_ / "data" / "manifest.json", "{}");
    write_text(scratch_ / "train.yaml", "name: small\nepochs: 9\n");
  }

  SweepConfig config(const std::string& parameters, const std::string& more = "") {
    write_text(scratch_ / "sweep.yaml",
               "method: grid\ntrain: " + (scratch_ / "train.yaml").string() +
                   "\ndata: " + (scratch_ / "data").string() +
                   "\nmetric: {name: validation_uar}\nparameters: " + parameters + "\n" + more);
    return load_sweep_config((scratch_ / "sweep.yaml").string(), {});
  }

  std::string refusal(const SweepConfig& config) {
    try {
      create_sweep(config, scratch_ / "out");
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
      return error.what();
    }
    return "";
  }

  ScratchFolder scratch_;
};

TEST_F(SweepFolder, HoldsACopyOfAllThatItWasMadeFrom) {
  create_sweep(config("{batch_size: {values: [4, 8]}}"), scratch_ / "out");
  write_text(scratch_ / "train.yaml", "name: other\nepochs: 3\n");
  write_text(scratch_ / "sweep.yaml", "");
  const Sweep sweep = open_sweep(scratch_ / "out");
  EXPECT_THAT(sweep.trials, SizeIs(2));
  EXPECT_THAT(sweep.plan.rungs, ElementsAre(9));
}

TEST_F(SweepFolder, RefusesATrialThatTrainingWouldRefuse) {
  EXPECT_THAT(refusal(config("{optimizer.lr: {values: [1]}}")),
              HasSubstr("trial 0 (optimizer.lr=1): command line: optimizer.lr: unknown key 'lr'"));
  EXPECT_THAT(refusal(config("{batch_size: {values: [4, 0]}}")),
              HasSubstr("trial 1 (batch_size=0): command line: batch_size: 0 is out of range"));
  EXPECT_THAT(refusal(config("{preprocess.features.0.n_mels: {values: [4]}}")),
              HasSubstr("preprocess: and corpus: instead of data:"));
  EXPECT_THAT(refusal(config("{epochs: {values: [4, 8]}}", "early_terminate: {}")),
              HasSubstr("last rung"));
  EXPECT_THAT(refusal(config("{batch_size: {values: [4]}}", "early_terminate: {min_iter: 9}")),
              HasSubstr("min_iter: 9 is not below the training's 9 epochs"));
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "out")) << "nothing is written before";
}

TEST_F(SweepFolder, RefusesAConfigurationThatHoldsItself) {
  for (const char* parameters : {"&p {a: {parameters: *p}}", "{a: {value: &x [1, *x]}}"}) {
    try {
      config(parameters);
      ADD_FAILURE() << parameters;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("nested too deeply"));
    }
  }
}

TEST_F(SweepFolder, RefusesWhatIsAnotherSweepOrNone) {
  write_text(scratch_ / "out" / "notes.txt", "mine");
  EXPECT_THAT(refusal(config("{batch_size: {values: [4]}}")),
              HasSubstr("files that are no sweep's (notes.txt)"));
  std::filesystem::remove(scratch_ / "out" / "notes.txt");
  create_sweep(config("{batch_size: {values: [4]}}"), scratch_ / "out");
  EXPECT_THAT(refusal(config("{batch_size: {values: [4]}}", "early_terminate: {}")),
              HasSubstr("a sweep with another early_terminate"));
  EXPECT_THAT(refusal(config("{batch_size: {values: [8]}}")),
              HasSubstr("trial 0 (batch_size=4) of the sweep there is not in this one"));
  write_text(scratch_ / "train.yaml", "name: small\nepochs: 10\n");
  EXPECT_THAT(refusal(config("{batch_size: {values: [4]}}")),
              HasSubstr("a sweep with another train"));
}

TEST_F(SweepFolder, TakesMoreTrials) {
  create_sweep(config("{batch_size: {values: [4]}}"), scratch_ / "out");
  const Sweep more = create_sweep(config("{batch_size: {values: [2, 4]}}"), scratch_ / "out");
  ASSERT_THAT(more.trials, SizeIs(2));
  EXPECT_EQ(describe(more.trials[0].parameters), "batch_size=4");
}

TEST_F(SweepFolder, SaysWhatIsDamaged) {
  EXPECT_THROW(open_sweep(scratch_ / "out"), Error);
  create_sweep(config("{batch_size: {values: [4]}}"), scratch_ / "out");
  write_text(scratch_ / "out" / "trials.jsonl", "{\"trial\": 0}\n");
  try {
    open_sweep(scratch_ / "out");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::artefact);
    EXPECT_THAT(error.what(), HasSubstr("trials.jsonl:1"));
  }
}

TEST_F(SweepFolder, CountsRounds) {
  const Sweep sweep = create_sweep(config("{batch_size: {values: [4]}}"), scratch_ / "out");
  EXPECT_EQ(begin_round(sweep, "run"), 1);
  EXPECT_EQ(begin_round(sweep, "submit"), 2);
  EXPECT_TRUE(submitted_rounds(sweep).empty());
  write_round(sweep, {.round = 2, .elements = {{0}, {1, 2}}, .jobs = {{"77", 0, 2}}});
  const SubmittedRound round = read_round(sweep, 2);
  EXPECT_EQ(round.elements[1], (std::vector<int>{1, 2}));
  EXPECT_EQ(round.jobs.front().id, "77");
  EXPECT_THAT(submitted_rounds(sweep), SizeIs(1));
}

TEST(Elements, ShareWhatIsMissingOrFailed) {
  MadeUpSweep made({"1", "2", "3", "4", "5", "6", "7"}, {}, "slurm: {trials_per_element: 2}");
  made.finish(1, .5);
  made.fail(2, "x");
  using Elements = std::vector<std::vector<int>>;
  EXPECT_EQ(make_elements(made.sweep(), {}), (Elements{{0, 2}, {3, 4}, {5, 6}}));
  EXPECT_EQ(make_elements(made.sweep(), {3, 4}), (Elements{{0, 2}, {5, 6}}));
}

TEST(Elements, AreWorkersWhereTrialsAreStoppedEarly) {
  MadeUpSweep made({"1", "2", "3", "4", "5"}, {},
                   "early_terminate: {}\nslurm: {array_parallelism: 3}");
  EXPECT_EQ(make_elements(made.sweep(), {}), std::vector<std::vector<int>>(3));
}

TEST(SbatchOptions, AreThoseOfTheSlurmBlock) {
  MadeUpSweep made({"1", "2"}, {},
                   "name: demo\ntrial: {threads: 4}\nslurm: {partition: fast, timeout_min: 90, "
                   "gpus_per_node: 1, mem_gb: 16, array_parallelism: 5, signal_delay_s: 60, "
                   "script: own.sbatch, additional_parameters: {exclusive: \"\", comment: hi}}");
  const auto options =
      sbatch_options(made.sweep(), {.round = 3, .elements = {}, .jobs = {}}, 10, 4);
  for (const char* expected :
       {"--partition=fast", "--array=0-3%5", "--time=90", "--cpus-per-task=4", "--mem=16G",
        "--gpus-per-node=1", "--signal=B:USR1@60", "--requeue", "--open-mode=append",
        "--job-name=demo", "--exclusive", "--comment=hi"}) {
    EXPECT_THAT(options, Contains(std::string(expected)));
  }
  EXPECT_EQ(options.back(), "own.sbatch");
  EXPECT_THAT(options[options.size() - 2], HasSubstr(",ROUND=3,FIRST=10"));
}

}  // namespace
}  // namespace parlando::sweep
