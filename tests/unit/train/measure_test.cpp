#include <thread>

#include <gtest/gtest.h>

#include "train/measure/phase_clock.h"
#include "train/measure/tensor_memory.h"

namespace parlando::train {
namespace {

void sleep_ms(int milliseconds) {
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

TEST(PhaseClock, GivesTimeToTheEventThatEndsIt) {
  int settled = 0;
  PhaseClock clock(1, [&] { ++settled; });
  for (int step = 0; step < 3; ++step) {
    sleep_ms(step == 0 ? 200 : 4);
    clock.on_phase("data wait");
    sleep_ms(12);
    clock.on_part("lstm", at::Tensor());
    clock.on_step();
  }
  EXPECT_EQ(settled, 9);
  ASSERT_EQ(clock.steps().size(), 2u) << "one step of three was warm-up";
  ASSERT_EQ(clock.phases().size(), 3u);
  EXPECT_EQ(clock.phases()[0].name, "data wait");
  EXPECT_FALSE(clock.phases()[0].of_network);
  EXPECT_TRUE(clock.phases()[1].of_network);
  EXPECT_GE(clock.phases()[0].seconds, 0.008);
  EXPECT_LT(clock.phases()[0].seconds, 0.1) << "the warm-up's 200 ms do not count";
  EXPECT_GE(clock.phases()[1].seconds, 0.024);
  double phases = 0, steps = 0;
  for (const PhaseClock::Phase& phase : clock.phases()) phases += phase.seconds;
  for (const double seconds : clock.steps()) steps += seconds;
  EXPECT_NEAR(phases, steps, 1e-9) << "no time is lost between the phases";
}

TEST(TensorMemory, CountsWhatTensorsTookAtOneTime) {
  const at::Tensor before = at::zeros({1000});
  const TensorMemory memory(at::kCPU);
  {
    const at::Tensor a = at::zeros({1000});
    const at::Tensor b = at::zeros({500}, at::kDouble);
  }
  const at::Tensor c = at::zeros({1500});
  EXPECT_EQ(memory.peak(), 8000) << "the 6000 bytes came after the 8000 were given back";
}

TEST(TensorMemory, IgnoresTensorsThatWereThereBefore) {
  at::Tensor before = at::zeros({1000});
  const TensorMemory memory(at::kCPU);
  before = at::Tensor();
  const at::Tensor after = at::zeros({10});
  EXPECT_EQ(memory.peak(), 40);
}

}  // namespace
}  // namespace parlando::train
