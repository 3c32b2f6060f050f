#include "experiments/sweep/work/worker.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/sweep/made_up_sweep.h"

namespace parlando::sweep {
namespace {

using testing::HasSubstr;

constexpr const char* kEpoch = R"({"epoch":1,"validation_uar":0.5,"best":true,"seconds":1.5})";

/// A sweep of one trial whose training is a line of shell; $run is its run folder.
class ShellTrainer {
 public:
  explicit ShellTrainer(const std::string& line) {
    test::write_text(script_,
                     "#!/bin/sh\nwhile [ $# -gt 0 ]; do [ \"$1\" = --run ] && run=$2; "
                     "shift; done\nmkdir -p \"$run\"\n" +
                         line + "\n");
    std::filesystem::permissions(script_, std::filesystem::perms::owner_all);
  }

  Worker::Step step() {
    Slot slot;
    slot.launcher = {script_.string()};
    Worker worker(made_.sweep(), slot, 1, {}, stop_);
    return worker.step([](const JobReport&) {});
  }
  const Sweep& sweep() const { return made_.sweep(); }
  Outcome outcome() const { return SweepState(made_.sweep()).outcomes().at(0); }

 private:
  test::ScratchFolder scratch_;
  std::filesystem::path script_ = scratch_ / "trainer";
  MadeUpSweep made_{{"4"}, {}};
  StopRequest stop_;
};

std::string echo_metrics(const std::string& text) {
  return "echo '" + text + "' >> \"$run/metrics.jsonl\"";
}

TEST(Worker, WritesTheOutcomeBeforeTheRungThatClosesTheTrial) {
  ShellTrainer trainer(echo_metrics(kEpoch));
  const std::filesystem::path rungs = trainer.sweep().folder / "rungs";
  test::write_text(rungs, "in the way");
  EXPECT_THROW(trainer.step(), Error) << "as if it were killed there";
  EXPECT_TRUE(trainer.outcome().finished);
  std::filesystem::remove(rungs);
  EXPECT_EQ(trainer.step(), Worker::Step::worked);
  EXPECT_TRUE(std::filesystem::exists(trainer.sweep().rung_entry(0, 0)));
  EXPECT_EQ(trainer.outcome().epochs, 1) << "it was not trained twice";
  EXPECT_EQ(trainer.step(), Worker::Step::complete);
}

TEST(Worker, TakesADamagedRunForAFailureOfItsTrial) {
  ShellTrainer trainer(echo_metrics("garbage\nmore"));
  EXPECT_EQ(trainer.step(), Worker::Step::worked);
  EXPECT_FALSE(trainer.outcome().finished);
  EXPECT_THAT(trainer.outcome().error, HasSubstr("metrics.jsonl:1: not valid JSON"));
}

TEST(Worker, TakesTrainingWithoutAnEpochForAFailure) {
  ShellTrainer trainer("exit 0");
  EXPECT_EQ(trainer.step(), Worker::Step::worked);
  EXPECT_FALSE(trainer.outcome().finished);
  EXPECT_THAT(trainer.outcome().error, HasSubstr("without an epoch"));
}

TEST(Worker, SaysTheCodeOfTrainingThatEndsWithoutAWord) {
  ShellTrainer trainer("exit 9");
  EXPECT_EQ(trainer.step(), Worker::Step::worked);
  EXPECT_EQ(trainer.outcome().error, "training ended with code 9");
}

}  // namespace
}  // namespace parlando::sweep
