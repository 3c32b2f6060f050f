#include "common/dist/launch.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"

namespace parlando::dist {
namespace {

using testing::HasSubstr;

LaunchEnvironment detect(const std::map<std::string, std::string>& variables) {
  return detect_launch([&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found != variables.end() ? std::optional(found->second) : std::nullopt;
  });
}

/// Rank 1 of 2 with other variables laid over it.
std::map<std::string, std::string> torchrun(const std::map<std::string, std::string>& more) {
  std::map<std::string, std::string> variables{{"RANK", "1"},
                                               {"WORLD_SIZE", "2"},
                                               {"LOCAL_RANK", "1"},
                                               {"LOCAL_WORLD_SIZE", "2"},
                                               {"MASTER_ADDR", "node3"},
                                               {"MASTER_PORT", "29500"}};
  for (const auto& [name, value] : more) variables[name] = value;
  return variables;
}

std::string error_of(const std::map<std::string, std::string>& variables) {
  try {
    detect(variables);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
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
  const LaunchEnvironment launch = detect(torchrun({}));
  EXPECT_EQ(launch.rank, 1);
  EXPECT_EQ(launch.local_size, 2);
  EXPECT_EQ(launch.launcher, "torchrun");
  EXPECT_EQ(launch.rendezvous, Rendezvous::tcp);
  EXPECT_EQ(launch.root_host, "node3");
  EXPECT_EQ(launch.root_port, 29500);
}

TEST(DetectLaunch, LeavesTheirPortToTorchrunsAgents) {
  EXPECT_EQ(detect(torchrun({{"TORCHELASTIC_USE_AGENT_STORE", "True"}})).root_port, 29501);
}

TEST(DetectLaunch, TakesTorchrunInsideAStepForTheLauncher) {
  const LaunchEnvironment launch = detect(
      torchrun({{"TORCHELASTIC_RUN_ID", "x"}, {"SLURM_STEP_ID", "0"}, {"SLURM_PROCID", "0"}}));
  EXPECT_EQ(launch.launcher, "torchrun");
  EXPECT_EQ(launch.rank, 1);
}

TEST(DetectLaunch, LetsRanksOfAStepWithoutPmixMeetAtTheFirstNode) {
  const std::map<std::string, std::string> step{{"SLURM_STEP_ID", "2"},
                                                {"SLURM_PROCID", "1"},
                                                {"SLURM_STEP_NUM_TASKS", "4"},
                                                {"SLURM_JOB_ID", "100"},
                                                {"SLURM_STEP_NODELIST", "gpu[07-09,12]-a,login"}};
  const LaunchEnvironment launch = detect(step);
  EXPECT_EQ(launch.rendezvous, Rendezvous::tcp);
  EXPECT_EQ(launch.root_host, "gpu07-a");
  EXPECT_EQ(launch.root_port, 15000 + 1602);
  std::map<std::string, std::string> restarted = step;
  restarted["SLURM_RESTART_COUNT"] = "1";
  EXPECT_NE(detect(restarted).root_port, launch.root_port)
      << "ranks of the start before that live on must not meet those of this one";
  std::map<std::string, std::string> with_pmix = step;
  with_pmix["PMIX_RANK"] = "1";
  EXPECT_EQ(detect(with_pmix).rendezvous, Rendezvous::mpi);
  std::map<std::string, std::string> with_address = step;
  with_address["MASTER_ADDR"] = "head";
  with_address["MASTER_PORT"] = "4000";
  EXPECT_EQ(detect(with_address).root_host, "head");
  EXPECT_EQ(detect(with_address).root_port, 4000);
}

TEST(DetectLaunch, RefusesContradictionsNamingTheVariables) {
  EXPECT_THAT(error_of({{"RANK", "2"}, {"WORLD_SIZE", "2"}}), HasSubstr("rank 2 of 2"));
  EXPECT_THAT(error_of({{"RANK", "x"}, {"WORLD_SIZE", "2"}}), HasSubstr("RANK='x'"));
  EXPECT_THAT(error_of({{"RANK", "0"}}), HasSubstr("WORLD_SIZE is not set"));
  EXPECT_THAT(error_of({{"WORLD_SIZE", "2"}}), HasSubstr("RANK is not set"));
  EXPECT_THAT(error_of(torchrun({{"MASTER_PORT", "70000"}})), HasSubstr("MASTER_PORT=70000"));
  EXPECT_THAT(error_of({{"OMPI_COMM_WORLD_RANK", "0"}}), HasSubstr("OMPI_COMM_WORLD_SIZE"));
  EXPECT_THAT(error_of(torchrun({{"OMPI_COMM_WORLD_RANK", "0"}, {"OMPI_COMM_WORLD_SIZE", "2"}})),
              HasSubstr("RANK=1 and WORLD_SIZE=2 contradict mpirun"));
  EXPECT_THAT(error_of(torchrun({{"SLURM_STEP_ID", "0"},
                                 {"SLURM_PROCID", "1"},
                                 {"SLURM_STEP_NUM_TASKS", "4"},
                                 {"PMIX_RANK", "1"}})),
              HasSubstr("contradict srun, which says rank 1 of 4"));
  EXPECT_THAT(error_of(torchrun({{"LOCAL_RANK", "2"}})), HasSubstr("local 2 of 2"));
}

TEST(LaunchVariables, AreThoseThatSayWhichRankThisIs) {
  for (const char* name :
       {"OMPI_COMM_WORLD_RANK", "PMIX_NAMESPACE", "SLURM_PROCID", "SLURM_STEP_ID",
        "SLURM_STEP_NUM_TASKS", "RANK", "MASTER_PORT", "TORCHELASTIC_RUN_ID"}) {
    EXPECT_TRUE(is_launch_variable(name)) << name;
  }
  for (const char* name : {"OMPI_MCA_btl", "OMPI_ALLOW_RUN_AS_ROOT", "SLURM_JOB_ID",
                           "SLURM_CPUS_PER_TASK", "SLURM_RESTART_COUNT", "PATH"}) {
    EXPECT_FALSE(is_launch_variable(name)) << name;
  }
}

}  // namespace
}  // namespace parlando::dist
