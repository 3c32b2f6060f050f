#include "common/dist/job.h"

#include <map>

#include <gtest/gtest.h>

namespace parlando::dist {
namespace {

JobStart detect(const std::map<std::string, std::string>& variables) {
  return detect_job([&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found != variables.end() ? std::optional(found->second) : std::nullopt;
  });
}

TEST(DetectJob, KnowsARequeuedSlurmJobAgain) {
  const JobStart first = detect({{"SLURM_JOB_ID", "47"}, {"SLURM_STEP_ID", "0"}});
  const JobStart second =
      detect({{"SLURM_JOB_ID", "47"}, {"SLURM_STEP_ID", "0"}, {"SLURM_RESTART_COUNT", "2"}});
  EXPECT_EQ(first.job, second.job);
  EXPECT_EQ(first.restart, 0);
  EXPECT_EQ(second.restart, 2);
  EXPECT_NE(first.launch, second.launch);
}

TEST(DetectJob, GivesAllRanksOfOneLaunchOneName) {
  const auto rank = [](const char* number) {
    return detect({{"PMIX_NAMESPACE", "123/4"}, {"OMPI_COMM_WORLD_RANK", number}});
  };
  EXPECT_EQ(rank("0").launch, rank("1").launch);
  EXPECT_EQ(rank("0").launch.find('/'), std::string::npos) << "it is part of a file's name";
  EXPECT_NE(rank("0").launch, detect({{"PMIX_NAMESPACE", "124"}}).launch);
}

TEST(DetectJob, AProcessWithoutALauncherIsItsOwnJob) {
  const JobStart start = detect({});
  EXPECT_FALSE(start.launch.empty());
  EXPECT_EQ(start.job, start.launch);
}

}  // namespace
}  // namespace parlando::dist
