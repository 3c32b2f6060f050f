#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/report/bar_chart.h"
#include "common/report/escape.h"
#include "common/report/line_chart.h"
#include "common/report/numbers.h"
#include "tests/unit/report/markup.h"

namespace parlando::report {
namespace {

using testing::HasSubstr;

TEST(AxisTicks, AreRoundAndCoverTheData) {
  EXPECT_THAT(axis_ticks(0.55, 1.9, 5),
              testing::Pointwise(testing::DoubleNear(1e-12), {0.5, 1.0, 1.5, 2.0}));
  EXPECT_THAT(axis_ticks(0, 100, 5), testing::ElementsAre(0, 20, 40, 60, 80, 100));
}

TEST(LineChart, PlacesPointsByTheirValues) {
  LineChart chart;
  chart.id = "c";
  chart.series = {{"loss", "s1", {{1, 0}, {2, 5}, {3, 10}}}};
  // The plot spans x 46 to 448 and y 230 (bottom, 0) to 44 (top, 10).
  EXPECT_THAT(draw_line_chart(chart), HasSubstr("points=\"46.0,230.0 247.0,137.0 448.0,44.0\""));
}

TEST(LineChart, LeavesAGapWhereAValueIsMissing) {
  const double gap = std::numeric_limits<double>::quiet_NaN();
  LineChart chart;
  chart.id = "c";
  chart.series = {{"loss", "s1", {{1, 1}, {2, 2}, {3, gap}, {4, 1}, {5, 2}, {6, gap}, {7, 1}}}};
  const std::string svg = draw_line_chart(chart);
  EXPECT_EQ(occurrences(svg, "<polyline"), 2u);
  EXPECT_THAT(svg, HasSubstr("<circle")) << "a point alone is a dot";
}

TEST(LineChart, DrawsNothingButAxesWithoutData) {
  LineChart chart;
  chart.id = "c";
  chart.logarithmic = true;
  chart.series = {{"rate", "s1", {}}};
  const std::string svg = draw_line_chart(chart);
  EXPECT_EQ(markup_defect(svg), "");
  EXPECT_THAT(svg, testing::Not(HasSubstr("nan")));
  EXPECT_THAT(svg, testing::Not(HasSubstr("inf")));
}

TEST(BarChart, MakesBarsAsLongAsTheirShares) {
  const BarChart chart{"c", "t", "d", {"recall"}, {{"a<b", {0.5}}, {"c", {1.0}}}};
  const std::string svg = draw_bar_chart(chart);
  EXPECT_EQ(markup_defect(svg), "");
  EXPECT_THAT(svg, HasSubstr("width=\"164.0\"")) << "half of the 328 units from 92 to 420";
  EXPECT_THAT(svg, HasSubstr("width=\"328.0\""));
  EXPECT_THAT(svg, HasSubstr("a&lt;b: recall 50.0 %"));
}

TEST(Numbers, ReadWell) {
  EXPECT_EQ(percent(0.79723), "79.7");
  EXPECT_EQ(percent(std::nan("")), "-");
  EXPECT_EQ(grouped(1763), "1763");
  EXPECT_EQ(grouped(626904), "626\u202f904");
  EXPECT_EQ(grouped(-1234567), "-1\u202f234\u202f567");
  EXPECT_EQ(compact(0.00025), "0.00025");
  EXPECT_EQ(readable_duration(904.2), "15 min 04 s");
  EXPECT_EQ(readable_duration(3600), "1 h 00 min");
  EXPECT_EQ(counted(1, "clip", "clips"), "1 clip");
}

TEST(Escape, ReplacesWhatIsNotUtf8OrNotXml) {
  EXPECT_EQ(escape_html("a\xff"
                        "b"),
            "a\uFFFDb");
  EXPECT_EQ(escape_html("\xc0\xaf"), "\uFFFD\uFFFD") << "an overlong slash";
  EXPECT_EQ(escape_html("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD") << "a surrogate";
  EXPECT_EQ(escape_html("\x1b[31m"), "\uFFFD[31m");
  EXPECT_EQ(escape_html("f\u00fcr \u4e2d \U0001F3A4"), "f\u00fcr \u4e2d \U0001F3A4");
}

TEST(Escape, KeepsSpreadsheetsFromRunningNames) {
  EXPECT_EQ(escape_csv("=1+1"), "'=1+1");
  EXPECT_EQ(escape_csv("a,\"b\""), "\"a,\"\"b\"\"\"");
  EXPECT_EQ(escape_csv("plain"), "plain");
}

}  // namespace
}  // namespace parlando::report
