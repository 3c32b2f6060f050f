#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/report/chart_axis.h"
#include "common/report/parallel_chart.h"
#include "common/report/scatter_chart.h"
#include "tests/unit/report/markup.h"

namespace parlando::report {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr double kGap = std::numeric_limits<double>::quiet_NaN();

TEST(ChartAxis, SpansItsValuesWithRoundTicks) {
  const ChartAxis axis(std::array{0.12, 0.87});
  EXPECT_THAT(axis.ticks(),
              testing::Pointwise(testing::DoubleNear(1e-12), {0.0, 0.2, 0.4, 0.6, 0.8, 1.0}));
  EXPECT_DOUBLE_EQ(axis.at(0.5), 0.5);
  EXPECT_EQ(axis.label(0.2), "0.2");
}

TEST(ChartAxis, TakesOneDecadeAsLongAsAnother) {
  const ChartAxis axis(std::array{1e-4, 1e-3, 1e-2, 0.0, kGap}, true);
  EXPECT_NEAR(axis.at(1e-3), 0.5, 1e-12);
  EXPECT_EQ(axis.label(axis.ticks().front()), "0.0001");
  EXPECT_FALSE(axis.holds(0)) << "zero has no place on a logarithmic axis";
}

TEST(ChartAxis, HoldsAPlaceForOneValueAndForNone) {
  EXPECT_NEAR(ChartAxis(std::array{3.0}).at(3), 0.5, 0.5);
  EXPECT_TRUE(std::isfinite(ChartAxis(std::array{1e-3}, true).at(1e-3)));
  EXPECT_TRUE(std::isfinite(ChartAxis({}).at(0.3)));
  const ChartAxis shares(std::array{1.0, 1.0}, false, true);
  EXPECT_LE(shares.ticks().back(), 1) << "no share is above 100 %";
}

TEST(Shortened, CutsBetweenCharacters) {
  EXPECT_EQ(shortened("hidden", 6), "hidden");
  EXPECT_EQ(shortened("hidden", 4), "hid\u2026");
  EXPECT_EQ(shortened("\u4e2d\u6587\u5b57", 2), "\u4e2d\u2026");
}

ScatterChart columns_chart() {
  ScatterChart chart;
  chart.id = "c";
  chart.columns = {"a<b", "c"};
  return chart;
}

TEST(ScatterChart, PlacesDotsByTheirValues) {
  ScatterChart chart;
  chart.id = "c";
  chart.points = {{0, 0, "low", false}, {10, 10, "high", true}};
  const std::string svg = draw_scatter_chart(chart);
  EXPECT_EQ(markup_defect(svg), "");
  // The plot spans x 60 to 438 (with its inset) and y 208 (bottom, 0) to 14 (top, 10).
  EXPECT_THAT(svg, HasSubstr("cx=\"60.0\" cy=\"208.0\""));
  EXPECT_THAT(svg, HasSubstr("d=\"M438.0 8.5")) << "a diamond of radius 5.5 at 438, 14";
}

TEST(ScatterChart, StandsEqualDotsSideBySide) {
  ScatterChart chart = columns_chart();
  chart.points = {{1, .5, "", false}, {1, .5, "", false}, {1, .5, "", false}, {0, .5, "", false}};
  const std::string svg = draw_scatter_chart(chart);
  // Column 1 has its middle at 50 + 1.5 * 199 = 348.5; dots are 6.5 apart.
  for (const char* centre : {"cx=\"348.5\"", "cx=\"355.0\"", "cx=\"342.0\"", "cx=\"149.5\""})
    EXPECT_THAT(svg, HasSubstr(centre));
  EXPECT_THAT(svg, HasSubstr("a&lt;b"));
}

TEST(ScatterChart, KeepsCrowdsWithinTheirColumn) {
  ScatterChart chart = columns_chart();
  for (int i = 0; i < 400; ++i) chart.points.push_back({0, .5, "", false});
  const std::string svg = draw_scatter_chart(chart);
  std::size_t dots = 0;
  for (std::size_t at = 0; (at = svg.find("cx=\"", at)) != std::string::npos; ++at, ++dots) {
    const double x = std::stod(svg.substr(at + 4));
    EXPECT_GE(x, 50);
    EXPECT_LE(x, 249) << "the end of the first column";
  }
  EXPECT_EQ(dots, 400u);
}

TEST(ScatterChart, LeavesOutWhatHasNoPlace) {
  ScatterChart chart;
  chart.id = "c";
  chart.logarithmic = true;
  chart.points = {{0, 1, "", false}, {kGap, 1, "", false}, {1, kGap, "", false}};
  const std::string svg = draw_scatter_chart(chart);
  EXPECT_THAT(svg, Not(HasSubstr("<circle")));
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  EXPECT_THAT(svg, Not(HasSubstr("inf")));
}

TEST(ParallelChart, GoesFromAxisToAxis) {
  ParallelChart chart;
  chart.id = "c";
  chart.axes = {{"rate", {}, true, false}, {"kind", {"adam", "sgd"}, false, false}};
  chart.lines = {{{1e-4, 0}, "q1", "first"}, {{1e-2, 1}, "q4", "<second>"}};
  const std::string svg = draw_parallel_chart(chart);
  EXPECT_EQ(markup_defect(svg), "");
  // Axes at 70 and 850, from 290 (low) to 44 (high).
  EXPECT_THAT(svg, HasSubstr("points=\"70.0,290.0 850.0,290.0\"><title>first</title></polyline>"));
  EXPECT_THAT(svg, HasSubstr("points=\"70.0,44.0 850.0,44.0\""));
  EXPECT_THAT(svg, HasSubstr("&lt;second&gt;"));
  EXPECT_THAT(svg, Not(HasSubstr("not set")));
}

TEST(ParallelChart, GrowsWithItsAxes) {
  ParallelChart chart;
  chart.id = "c";
  chart.axes.resize(9);
  chart.lines = {{std::vector<double>(9, 1.0), "q1", ""}};
  EXPECT_THAT(draw_parallel_chart(chart), HasSubstr("viewBox=\"0 0 1064 340\""))
      << "eight gaps of 118";
}

TEST(ParallelChart, StandsAbsentValuesBelowTheAxis) {
  ParallelChart chart;
  chart.id = "c";
  chart.axes = {{"decay", {}, false, false}};
  chart.lines = {{{kGap}, "q1", ""}, {{0.5}, "q2", ""}, {{0.7}, "q2", ""}};
  const std::string svg = draw_parallel_chart(chart);
  EXPECT_THAT(svg, HasSubstr("points=\"70.0,316.0\""));
  EXPECT_THAT(svg, HasSubstr(">not set<"));
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
}

}  // namespace
}  // namespace parlando::report
