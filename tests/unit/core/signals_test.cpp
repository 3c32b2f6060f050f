#include "common/core/signals.h"

#include <csignal>

#include <gtest/gtest.h>

namespace parlando {
namespace {

TEST(StopRequest, IsMadeByTheSignalsOfSchedulersHoweverOftenTheyCome) {
  const StopRequest stop;
  EXPECT_FALSE(stop.requested());
  // A preempted SLURM job gets TERM with USR1, then TERM again when its time of grace ends.
  for (const int signal : {SIGTERM, SIGUSR1, SIGTERM, SIGUSR2, SIGUSR1}) {
    raise(signal);
    EXPECT_TRUE(stop.requested());
  }
}

TEST(StopRequest, ASecondCtrlCEndsTheProcess) {
  EXPECT_EXIT(
      {
        const StopRequest stop;
        raise(SIGINT);
        raise(SIGINT);
      },
      testing::ExitedWithCode(128 + SIGINT), "");
}

}  // namespace
}  // namespace parlando
