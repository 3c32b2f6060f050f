#include "train/verbs/job_checks.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/dist/thread_group.h"
#include "tests/support/scratch_folder.h"
#include "train/verbs/shared_folder.h"

namespace parlando::train {
namespace {

using testing::HasSubstr;

/// Two tasks on each of two nodes.
std::vector<RankFacts> two_by_two() {
  const RankFacts first{.node = "n1",
                        .versions = {{"parlando", "1.0"}, {"libtorch", "2.11"}},
                        .processor = "A",
                        .cores = 8,
                        .threads = 4,
                        .clock_ms = 1'000'000};
  RankFacts second = first;
  second.node = "n2";
  return {first, first, second, second};
}

Check find(const std::vector<RankFacts>& ranks, const std::string& name) {
  const std::vector<Check> checks = judge_job(ranks);
  const auto found = std::ranges::find(checks, name, &Check::name);
  return found != checks.end() ? *found : Check{};
}

TEST(JobChecks, FindNothingWrongWithEqualNodes) {
  for (const Check& check : judge_job(two_by_two())) {
    EXPECT_TRUE(check.verdict == Verdict::good || check.verdict == Verdict::information)
        << check.name << ": " << check.value;
  }
  EXPECT_EQ(find(two_by_two(), "ranks").value, "4 on 2 node(s)");
}

TEST(JobChecks, WantATaskForEveryGpu) {
  std::vector<RankFacts> ranks = two_by_two();
  for (RankFacts& rank : ranks) rank.gpus = 2;
  EXPECT_EQ(find(ranks, "GPUs").verdict, Verdict::good);
  EXPECT_EQ(find(ranks, "CUDA").verdict, Verdict::warning) << "this build has none";
  for (RankFacts& rank : ranks) rank.gpus = rank.node == "n2" ? 4 : 2;
  const Check check = find(ranks, "GPUs");
  EXPECT_EQ(check.verdict, Verdict::bad);
  EXPECT_EQ(check.value, "n2 has 2 task(s) for 4 GPU(s)");
}

TEST(JobChecks, NameTheNodesWithOtherVersions) {
  std::vector<RankFacts> ranks = two_by_two();
  ranks[3].versions["libtorch"] = "2.10";
  const Check check = find(ranks, "libtorch");
  EXPECT_EQ(check.verdict, Verdict::bad);
  EXPECT_EQ(check.value, "2.10 on n2; 2.11 on n1, n2");
  EXPECT_EQ(find(ranks, "parlando").verdict, Verdict::good);
}

TEST(JobChecks, CompareTheClocks) {
  std::vector<RankFacts> ranks = two_by_two();
  ranks[2].clock_ms -= 10'000;
  EXPECT_EQ(find(ranks, "clocks").verdict, Verdict::warning);
  EXPECT_EQ(find(ranks, "clocks").value, "10.0 s apart: n2 is behind n1");
  ranks[2].clock_ms -= 1'000'000;
  EXPECT_EQ(find(ranks, "clocks").verdict, Verdict::bad);
}

TEST(JobChecks, WarnOfMoreThreadsThanCoresAndOfOtherProcessors) {
  std::vector<RankFacts> ranks = two_by_two();
  ranks[0].cores = 2;
  EXPECT_EQ(find(ranks, "cores").verdict, Verdict::warning);
  EXPECT_THAT(find(ranks, "cores").value, HasSubstr("n1: 4 threads a task on 2 cores"));
  ranks[1].processor = "B";
  EXPECT_EQ(find(ranks, "processor").verdict, Verdict::warning);
}

/// What three ranks find, the last of which sees `last` under the name of the folder.
std::vector<Check> check_on_three(const std::filesystem::path& folder,
                                  const std::filesystem::path& last) {
  const auto outer = dist::make_single_communicator();
  dist::ThreadGroup group(*outer, {.members = 3});
  std::vector<Check> checks(3);
  group.run([&](int i) {
    checks[static_cast<std::size_t>(i)] = check_shared_folder(
        i == 2 ? last : folder, "job", fmt::format("n{}", i + 1), group.member(i));
  });
  return checks;
}

TEST(SharedFolder, IsFoundToBeOne) {
  const test::ScratchFolder folder;
  for (const Check& check : check_on_three(folder.path(), folder.path()))
    EXPECT_EQ(check.verdict, Verdict::good) << check.value;
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(SharedFolder, ThatIsAnotherOnOneNodeIsToldByAllRanks) {
  const test::ScratchFolder folder, local;
  for (const Check& check : check_on_three(folder.path(), local.path())) {
    EXPECT_EQ(check.verdict, Verdict::bad);
    EXPECT_EQ(check.value, "n3: " + local.path().string() + ": not the folder of rank 0's node");
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(SharedFolder, ThatIsMissingOrNotWritableIsNamed) {
  const test::ScratchFolder folder;
  for (const Check& check : check_on_three(folder.path(), folder / "absent"))
    EXPECT_THAT(check.value, HasSubstr("no such folder"));
  // Not even root writes there.
  for (const Check& check : check_on_three("/proc", "/proc")) {
    EXPECT_EQ(check.verdict, Verdict::bad);
    EXPECT_THAT(check.value, HasSubstr("n1: /proc"));
  }
}

}  // namespace
}  // namespace parlando::train
