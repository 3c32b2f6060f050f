#include "common/dist/placement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/dist/gather.h"
#include "tests/support/scratch_folder.h"

namespace parlando::dist {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Ranges, AreWrittenAndReadAsTheKernelDoes) {
  EXPECT_EQ(format_ranges({0, 1, 2, 8}), "0-2,8");
  EXPECT_EQ(format_ranges({}), "");
  EXPECT_THAT(parse_ranges("0-2,8"), ElementsAre(0, 1, 2, 8));
  EXPECT_THAT(parse_ranges(""), ElementsAre());
}

TEST(Placement, FindsTheNodesOfTheCores) {
  const test::ScratchFolder folder;
  const std::vector<int> here = parse_ranges(placement_here("cpu").cores);
  ASSERT_FALSE(here.empty());
  const auto node = [&](const std::string& name, const std::string& cores) {
    std::filesystem::create_directories(folder.path() / name);
    test::write_text(folder.path() / name / "cpulist", cores + "\n");
  };
  node("node0", "100000-100003");
  node("node1", format_ranges(here));
  node("node10", format_ranges({here.back()}));
  EXPECT_EQ(placement_here("cpu", folder.path()).numa_nodes, "1,10");
  EXPECT_EQ(placement_here("cpu", folder.path() / "absent").numa_nodes, "-");
}

TEST(OddRanks, AreTheMinorityOrNotRankZeros) {
  EXPECT_THAT(odd_ranks({5, 5, 5}), ElementsAre());
  EXPECT_THAT(odd_ranks({4, 5, 5}), ElementsAre(0));
  EXPECT_THAT(odd_ranks({4, 5}), ElementsAre(1));
  EXPECT_THAT(odd_ranks({4, 5, 6, 4}), ElementsAre(1, 2));
}

TEST(ChooseDevice, IsThatOfTheLocalRankOrTheOnlyOneShown) {
  const LaunchEnvironment second{.rank = 5, .world_size = 8, .local_rank = 1, .local_size = 4};
  EXPECT_EQ(choose_device({}, 1, false), 0);
  EXPECT_EQ(choose_device(second, 4, false), 1);
  EXPECT_EQ(choose_device(second, 4, true), 1);
  EXPECT_EQ(choose_device(second, 1, true), 0);
  EXPECT_THROW(choose_device(second, 1, false), Error);
  EXPECT_THROW(choose_device(second, 3, true), Error);
}

TEST(PlacementTable, HasALineForEachRank) {
  const std::string table =
      placement_table({{"a", "cpu", "0-3", "0"}, {"node17", "cpu", "4", "1"}});
  EXPECT_THAT(table, HasSubstr("\n   0  a       cpu     0-3    0"));
  EXPECT_THAT(table, HasSubstr("\n   1  node17  cpu     4      1"));
}

}  // namespace
}  // namespace parlando::dist
