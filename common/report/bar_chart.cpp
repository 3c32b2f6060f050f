#include "common/report/bar_chart.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "common/report/numbers.h"
#include "common/report/svg.h"

namespace parlando::report {
namespace {

constexpr double kWidth = 460;
constexpr double kLeft = 92;
constexpr double kTop = 30;
constexpr double kRight = 420;
constexpr double kAxisHeight = 24;

double x_at(double share, double right) {
  const double inside = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0.0;
  return kLeft + inside * (right - kLeft);
}

void draw_percent_axis(Svg& svg, double top, double bottom, double right) {
  for (const double share : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    const double x = x_at(share, right);
    svg.line({x, top}, {x, bottom}, share == 0 ? "axis" : "grid");
    svg.text({x, bottom + 16}, fmt::format("{:.0f} %", 100 * share), "tick", "middle");
  }
}

}  // namespace

std::string draw_bar_chart(const BarChart& chart) {
  constexpr double kBar = 10, kGap = 12;
  const double row_height = kBar * static_cast<double>(chart.series.size()) + kGap;
  const double bottom = kTop + row_height * static_cast<double>(chart.rows.size());
  Svg svg(chart.id, kWidth, bottom + kAxisHeight, chart.title, chart.description);
  draw_percent_axis(svg, kTop, bottom, kRight);

  double legend_x = kLeft;
  for (std::size_t i = 0; i < chart.series.size(); ++i) {
    svg.rect({legend_x, 8}, 12, 10, fmt::format("bar s{}", i + 1));
    svg.text({legend_x + 18, 17}, chart.series[i], "legend");
    legend_x += 40 + 7.2 * static_cast<double>(chart.series[i].size());
  }
  double y = kTop + kGap / 2;
  for (const BarChart::Row& row : chart.rows) {
    svg.text({kLeft - 8, y + row_height / 2 - 2}, row.label, "name", "end");
    for (std::size_t i = 0; i < row.values.size(); ++i) {
      const double top = y + kBar * static_cast<double>(i);
      const double end = x_at(row.values[i], kRight);
      svg.rect({kLeft, top}, end - kLeft, kBar - 1.5, fmt::format("bar s{}", i + 1),
               fmt::format("{}: {} {} %", row.label, chart.series[i], percent(row.values[i])));
      svg.text({end + 4, top + kBar - 2}, percent(row.values[i]), "value");
    }
    y += row_height;
  }
  return svg.finish();
}

std::string draw_dot_chart(const DotChart& chart) {
  constexpr double kRow = 22, kEnd = 336, kValueRight = 394;
  const double bottom = kTop + kRow * static_cast<double>(chart.rows.size());
  Svg svg(chart.id, kWidth, bottom + kAxisHeight, chart.title, chart.description);
  draw_percent_axis(svg, kTop, bottom, kEnd);

  const double reference = x_at(chart.reference, kEnd);
  svg.line({reference, kTop - 6}, {reference, bottom}, "mark");
  svg.text({reference, kTop - 12}, chart.reference_label, "label mark-label",
           chart.reference > 0.7 ? "end" : "middle");
  double y = kTop + kRow / 2;
  for (const DotChart::Row& row : chart.rows) {
    svg.text({kLeft - 8, y + 4}, row.label, "name", "end");
    svg.line({x_at(row.low, kEnd), y}, {x_at(row.high, kEnd), y}, "whisker");
    svg.diamond({x_at(row.value, kEnd), y}, 5, "dot s1",
                fmt::format("{}: {} % (95 % interval {} to {}), {}", row.label, percent(row.value),
                            percent(row.low), percent(row.high), row.note));
    svg.text({kValueRight, y + 4}, percent(row.value) + " %", "name", "end");
    svg.text({kWidth, y + 4}, row.note, "tick", "end");
    y += kRow;
  }
  return svg.finish();
}

}  // namespace parlando::report
