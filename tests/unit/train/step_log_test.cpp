#include "train/run/step_log.h"

#include <gtest/gtest.h>

#include "tests/support/scratch_folder.h"

namespace parlando::train {
namespace {

StepRecord at_step(std::int64_t step) {
  return {.epoch = 1, .step = step, .samples = 8};
}

TEST(StepLog, KeepsWhatAStartThatWasLeftBehindWritesOutOfItsSuccessorsFile) {
  const test::ScratchFolder folder;
  StepLog left_behind(folder / "steps.jsonl");
  left_behind.truncate(0, 0);
  left_behind.append(at_step(1));
  left_behind.append(at_step(2));

  StepLog later(folder / "steps.jsonl");
  later.truncate(0, 1);
  left_behind.append(at_step(3));
  later.append(at_step(2));

  const test::ScratchFolder expected;
  StepLog alone(expected / "steps.jsonl");
  alone.truncate(0, 0);
  alone.append(at_step(1));
  alone.append(at_step(2));
  EXPECT_EQ(test::read_text(folder / "steps.jsonl"), test::read_text(expected / "steps.jsonl"));
}

}  // namespace
}  // namespace parlando::train
