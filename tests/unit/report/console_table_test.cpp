#include "common/report/console_table.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/text.h"
#include "tests/unit/report/run_folder.h"

namespace parlando::report {
namespace {

TEST(MetricsTable, HoldsEveryFigureAndLinesUp) {
  const std::string table =
      metrics_table(metrics::evaluate_predictions(sample_predictions(), {"calm", "happy", "sad"}));
  const auto lines = split_text(table, '\n');
  ASSERT_EQ(lines.size(), 12u) << table;
  EXPECT_EQ(lines.back(), "") << "ends with a newline";
  EXPECT_EQ(lines[0], "  %            precision     recall         F1    support");
  EXPECT_EQ(lines[2], "  calm              66.7       71.4       69.0         14");
  EXPECT_EQ(lines[4], "  sad               88.9       61.5       72.7         13");
  EXPECT_THAT(lines[6], testing::StartsWith("  accuracy          75.0   95 % interval "));
  EXPECT_THAT(lines[9], testing::StartsWith("  weighted F1       74.7   95 % interval "));
  EXPECT_THAT(lines[10], testing::HasSubstr("40 clips; intervals: bootstrap by speaker"));
}

}  // namespace
}  // namespace parlando::report
