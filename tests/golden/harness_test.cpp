#include <cstdlib>
#include <limits>

#include <gmock/gmock.h>

#include "tests/golden/golden.h"
#include "tests/support/scratch_folder.h"

namespace parlando::golden {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

using Values = std::vector<float>;

TEST(Within, AcceptsWhatLiesWithinTheTolerance) {
  EXPECT_TRUE(within(Values{1.0F, 2.0F}, Values{1.0F, 2.0F}, 0));
  EXPECT_TRUE(within(Values{1.0F, 2.0F}, Values{1.25F, 1.75F}, 0.25));
  EXPECT_TRUE(within(Values{}, Values{}, 0));
}

TEST(Within, NamesTheLargestDifferenceAndHowMany) {
  const auto result = within(Values{1.0F, 2.0F, 3.0F}, Values{1.5F, 2.0F, 4.0F}, 0.25);
  EXPECT_FALSE(result);
  EXPECT_THAT(result.message(), testing::HasSubstr("largest difference 1 at element 2"));
  EXPECT_THAT(result.message(), testing::HasSubstr("2 of 3"));
}

TEST(Within, RefusesAnotherLengthAndNan) {
  EXPECT_FALSE(within(Values{1.0F}, Values{1.0F, 2.0F}, 1));
  EXPECT_FALSE(within(Values{kNan}, Values{1.0F}, 1e9));
  EXPECT_FALSE(within(Values{1.0F, 1.0F}, Values{1.0F, kNan}, 1e9));
  EXPECT_FALSE(within(Values{kNan}, Values{kNan}, 1e9));
}

TEST(CountCase, AppendsALineToTheLog) {
  const test::ScratchFolder folder;
  const char* outer = std::getenv("PARLANDO_GOLDEN_LOG");
  const std::string kept = outer != nullptr ? outer : "";
  setenv("PARLANDO_GOLDEN_LOG", (folder / "log").c_str(), 1);
  count_case("a/b");
  count_case("c");
  if (outer != nullptr) {
    setenv("PARLANDO_GOLDEN_LOG", kept.c_str(), 1);
  } else {
    unsetenv("PARLANDO_GOLDEN_LOG");
  }
  EXPECT_EQ(test::read_text(folder / "log"), "golden-case a/b\ngolden-case c\n");
}

}  // namespace
}  // namespace parlando::golden
