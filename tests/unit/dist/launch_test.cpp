#include "common/dist/launch.h"

#include <map>

#include <gtest/gtest.h>

#include "common/core/error.h"

namespace parlando::dist {
namespace {

LaunchEnvironment detect(const std::map<std::string, std::string>& variables) {
  return detect_launch([&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found != variables.end() ? std::optional(found->second) : std::nullopt;
  });
}

TEST(DetectLaunch, IsASingleProcessWithoutALauncher) {
  const LaunchEnvironment launch = detect({});
  EXPECT_EQ(launch.world_size, 1);
  EXPECT_EQ(launch.rank, 0);
  EXPECT_EQ(launch.launcher, "none");
}

TEST(DetectLaunch, ReadsOpenMpi) {
  const LaunchEnvironment launch = detect({{"OMPI_COMM_WORLD_RANK", "3"},
                                           {"OMPI_COMM_WORLD_SIZE", "8"},
                                           {"OMPI_COMM_WORLD_LOCAL_RANK", "1"},
                                           {"OMPI_COMM_WORLD_LOCAL_SIZE", "2"}});
  EXPECT_EQ(launch.rank, 3);
  EXPECT_EQ(launch.world_size, 8);
  EXPECT_EQ(launch.local_rank, 1);
  EXPECT_EQ(launch.local_size, 2);
  EXPECT_EQ(launch.launcher, "mpirun");
}

TEST(DetectLaunch, ReadsSlurmSteps) {
  const LaunchEnvironment launch = detect({{"SLURM_STEP_ID", "0"},
                                           {"SLURM_PROCID", "2"},
                                           {"SLURM_STEP_NUM_TASKS", "4"},
                                           {"SLURM_LOCALID", "0"},
                                           {"SLURM_STEP_TASKS_PER_NODE", "2(x2)"}});
  EXPECT_EQ(launch.rank, 2);
  EXPECT_EQ(launch.world_size, 4);
  EXPECT_EQ(launch.local_size, 2);
  EXPECT_EQ(launch.launcher, "srun");
}

TEST(DetectLaunch, TakesABatchShellForASingleProcess) {
  EXPECT_EQ(
      detect({{"SLURM_JOB_ID", "7"}, {"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "4"}}).world_size, 1);
}

TEST(DetectLaunch, PrefersMpirunInsideASlurmStep) {
  const LaunchEnvironment launch = detect({{"SLURM_STEP_ID", "0"},
                                           {"SLURM_PROCID", "0"},
                                           {"SLURM_STEP_NUM_TASKS", "1"},
                                           {"OMPI_COMM_WORLD_RANK", "1"},
                                           {"OMPI_COMM_WORLD_SIZE", "2"}});
  EXPECT_EQ(launch.launcher, "mpirun");
  EXPECT_EQ(launch.world_size, 2);
}

TEST(DetectLaunch, ReadsTorchrunLikeVariables) {
  const LaunchEnvironment launch =
      detect({{"RANK", "1"}, {"WORLD_SIZE", "2"}, {"LOCAL_RANK", "1"}, {"LOCAL_WORLD_SIZE", "2"}});
  EXPECT_EQ(launch.rank, 1);
  EXPECT_EQ(launch.launcher, "torchrun");
}

TEST(DetectLaunch, RefusesContradictionsAndNonsense) {
  EXPECT_THROW(detect({{"RANK", "2"}, {"WORLD_SIZE", "2"}}), Error);
  EXPECT_THROW(detect({{"RANK", "x"}, {"WORLD_SIZE", "2"}}), Error);
  EXPECT_THROW(detect({{"OMPI_COMM_WORLD_RANK", "0"}}), Error);
}

}  // namespace
}  // namespace parlando::dist
