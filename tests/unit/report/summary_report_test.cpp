#include "common/report/summary_report.h"

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/scratch_folder.h"
#include "tests/unit/report/markup.h"
#include "tests/unit/report/run_folder.h"

namespace parlando::report {
namespace {

using testing::HasSubstr;

TEST(MeanSd, UsesTheSampleStandardDeviation) {
  const std::array<double, 3> values{0.78, 0.80, 0.82};
  EXPECT_DOUBLE_EQ(mean_sd(values).mean, 0.80);
  EXPECT_NEAR(mean_sd(values).sd, 0.02, 1e-15);
  EXPECT_TRUE(std::isnan(mean_sd(std::array{0.8}).sd)) << "one run has no spread";
}

class SummaryReport : public testing::Test {
 protected:
  std::filesystem::path add(const std::string& name, const RunFolder& run) {
    write_run_folder(folder_ / name, run);
    return folder_ / name;
  }

  test::ScratchFolder folder_;
};

TEST_F(SummaryReport, GroupsRunsThatDifferInTheSeedAlone) {
  const RunFolder first, second{.seed = "2"};
  const RunFolder other{.seed = "3", .config_note = "another configuration"};
  std::vector<RunRecord> runs;
  for (const auto& path : {add("a", first), add("b", second), add("c", other)}) {
    runs.push_back(read_run(path));
  }
  const std::vector<RunGroup> groups = group_runs(runs);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].runs, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(groups[1].runs, (std::vector<std::size_t>{2}));
  EXPECT_DOUBLE_EQ(groups[0].accuracy.mean, 0.75);
  EXPECT_DOUBLE_EQ(groups[0].accuracy.sd, 0);
}

TEST_F(SummaryReport, ShowsRunsTheirMeanAndThoseWithoutAResult) {
  const RunFolder first, second{.seed = "2"}, stopped{.evaluated = false};
  const std::vector<std::filesystem::path> paths{add("one/run", first), add("two/run", second),
                                                 add("stopped", stopped)};
  write_summary_report(paths, folder_ / "report");
  const std::string page = test::read_text(folder_ / "report" / "index.html");
  EXPECT_EQ(markup_defect(page), "");
  EXPECT_THAT(page, HasSubstr("75.0 \u00b1 0.0"));
  EXPECT_THAT(page, HasSubstr("href=\"run-2/index.html\"")) << "equal names get their own folders";
  EXPECT_THAT(page, HasSubstr("NOT EVALUATED"));
  for (const char* run : {"run", "run-2", "stopped"}) {
    EXPECT_TRUE(std::filesystem::exists(folder_ / "report" / run / "index.html")) << run;
  }
  EXPECT_THAT(test::read_text(folder_ / "report" / "runs.csv"), HasSubstr("run,1,0.75,"));
  EXPECT_THAT(test::read_text(folder_ / "report" / "report.md"), HasSubstr("mean \u00b1 sd"));
}

}  // namespace
}  // namespace parlando::report
