#include <chrono>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/io/file_lock.h"
#include "experiments/sweep/work/local_run.h"
#include "tests/unit/sweep/made_up_sweep.h"

namespace parlando::sweep {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Slots, GiveEachJobCoresOfItsOwn) {
  MadeUpSweep made({"1"}, {}, "trial: {threads: 2}");
  const auto slots = make_slots(made.sweep(), {}, {4, 5, 8, 9, 10});
  ASSERT_THAT(slots, SizeIs(2));
  EXPECT_THAT(slots[0].cores, ElementsAre(4, 5));
  EXPECT_THAT(slots[1].cores, ElementsAre(8, 9));
  EXPECT_THAT(slots[0].keys, ElementsAre("input.memory=25%", "threads=2"));
}

TEST(Slots, AreNotPinnedWhereCoresAreTooFewOrNobodyWants) {
  MadeUpSweep made({"1"}, {});
  EXPECT_THAT(make_slots(made.sweep(), {.jobs = 3, .gpus = {}}, {0, 1})[2].cores, IsEmpty());
  EXPECT_THAT(make_slots(made.sweep(), {.gpus = {}, .pin = false}, {0, 1})[0].cores, IsEmpty());
}

TEST(Slots, SpreadOverGpus) {
  MadeUpSweep made({"1"}, {});
  const auto slots =
      make_slots(made.sweep(), {.gpus = {"0", "3"}, .jobs_per_gpu = 2}, {0, 1, 2, 3});
  ASSERT_THAT(slots, SizeIs(4));
  EXPECT_EQ(slots[0].environment.at("CUDA_VISIBLE_DEVICES"), "0");
  EXPECT_EQ(slots[1].environment.at("CUDA_VISIBLE_DEVICES"), "3");
  EXPECT_EQ(slots[2].environment.at("CUDA_VISIBLE_DEVICES"), "0");
  EXPECT_THROW(make_slots(made.sweep(), {.jobs = 5, .gpus = {"0", "3"}, .jobs_per_gpu = 2}, {0}),
               Error);
}

TEST(Slots, GiveEachRankAGpu) {
  MadeUpSweep made({"1"}, {}, "trial: {ranks: 2}");
  const auto slots = make_slots(made.sweep(), {.gpus = {"0", "1", "2", "3", "4"}}, {0, 1, 2, 3});
  ASSERT_THAT(slots, SizeIs(2)) << "the fifth GPU has no partner";
  EXPECT_EQ(slots[0].environment.at("CUDA_VISIBLE_DEVICES"), "0,1");
  EXPECT_EQ(slots[1].environment.at("CUDA_VISIBLE_DEVICES"), "2,3");
  EXPECT_THROW(make_slots(made.sweep(), {.gpus = {"0"}}, {0, 1}), Error);
}

TEST(Slots, StartSeveralRanksByMpirun) {
  MadeUpSweep made({"1"}, {}, "trial: {ranks: 2}");
  const auto slots = make_slots(made.sweep(), {}, {0, 1, 2, 3});
  ASSERT_THAT(slots, SizeIs(2));
  EXPECT_THAT(slots[0].launcher, Contains("mpirun"));
  EXPECT_THAT(slots[1].cores, ElementsAre(2, 3));
}

TEST(LocalRun, SaysThatItWaitsForOthers) {
  MadeUpSweep made({"4"}, {});
  const FolderLock held(made.sweep().trial_folder(0));
  const StopRequest stop;
  testing::internal::CaptureStderr();
  std::jthread run([&] { run_locally(made.sweep(), {.jobs = 1, .gpus = {}, .pin = false}, stop); });
  std::this_thread::sleep_for(std::chrono::seconds(2));
  made.finish(0, .5);
  run.join();
  EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::HasSubstr("others hold all trials"));
}

}  // namespace
}  // namespace parlando::sweep
