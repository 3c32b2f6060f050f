#include "common/report/parallel_chart.h"

#include <algorithm>
#include <cmath>

#include "common/report/chart_axis.h"
#include "common/report/svg.h"

namespace parlando::report {
namespace {

constexpr double kHeight = 340;
constexpr double kLeft = 70, kTop = 44, kBottom = 290, kNotSet = 316;
constexpr double kBetween = 118;  ///< two axes at least
constexpr double kSpan = 780;     ///< all axes at least
constexpr double kRightMargin = 50;
constexpr std::size_t kLabelCharacters = 30, kValueCharacters = 12;

bool all_finite(const ParallelChart& chart, std::size_t axis) {
  return std::ranges::all_of(
      chart.lines, [&](const ParallelLine& line) { return std::isfinite(line.values[axis]); });
}

ChartAxis scale_of(const ParallelChart& chart, std::size_t axis) {
  std::vector<double> values;
  for (const ParallelLine& line : chart.lines) values.push_back(line.values[axis]);
  const std::size_t columns = chart.axes[axis].columns.size();
  if (columns > 0) values = {0, std::max(1.0, static_cast<double>(columns - 1))};
  return ChartAxis(values, chart.axes[axis].logarithmic, chart.axes[axis].percent);
}

double x_at(const ParallelChart& chart, std::size_t axis) {
  const auto gaps = static_cast<double>(std::max<std::size_t>(2, chart.axes.size()) - 1);
  return kLeft + static_cast<double>(axis) * std::max(kBetween, kSpan / gaps);
}

double y_at(const ChartAxis& scale, double value) {
  return scale.holds(value) ? kBottom - scale.at(value) * (kBottom - kTop) : kNotSet;
}

/// Long names of neighbours would touch: every second stands higher. The outermost stay within the
/// picture.
void draw_name(Svg& svg, const ParallelChart& chart, std::size_t axis) {
  const std::string name = shortened(chart.axes[axis].label, kLabelCharacters);
  const double x = x_at(chart, axis), y = kTop - (axis % 2 == 1 ? 28 : 12);
  if (axis == 0) {
    svg.text({2, y}, name, "name", "start");
  } else if (axis + 1 == chart.axes.size()) {
    svg.text({x + kRightMargin - 2, y}, name, "name", "end");
  } else {
    svg.text({x, y}, name, "name", "middle");
  }
}

void draw_axis(Svg& svg, const ParallelAxis& axis, const ChartAxis& scale, double x) {
  svg.line({x, kTop}, {x, kBottom}, "axis");
  const auto tick = [&](double value, const std::string& label) {
    svg.line({x - 4, y_at(scale, value)}, {x, y_at(scale, value)}, "axis");
    svg.text({x - 7, y_at(scale, value) + 4}, shortened(label, kValueCharacters), "tick halo",
             "end");
  };
  for (std::size_t i = 0; i < axis.columns.size(); ++i)
    tick(static_cast<double>(i), axis.columns[i]);
  if (!axis.columns.empty()) return;
  for (const double value : scale.ticks()) tick(value, scale.label(value));
}

}  // namespace

std::string draw_parallel_chart(const ParallelChart& chart) {
  const double last = x_at(chart, std::max<std::size_t>(2, chart.axes.size()) - 1);
  Svg svg(chart.id, last + kRightMargin, kHeight, chart.title, chart.description);
  std::vector<ChartAxis> scales;
  for (std::size_t axis = 0; axis < chart.axes.size(); ++axis)
    scales.push_back(scale_of(chart, axis));
  for (const ParallelLine& line : chart.lines) {
    std::vector<Point> points;
    for (std::size_t axis = 0; axis < scales.size(); ++axis)
      points.push_back({x_at(chart, axis), y_at(scales[axis], line.values[axis])});
    svg.polyline(points, "line " + line.css_class, line.tooltip);
  }
  for (std::size_t axis = 0; axis < chart.axes.size(); ++axis) {
    draw_axis(svg, chart.axes[axis], scales[axis], x_at(chart, axis));
    draw_name(svg, chart, axis);
    if (!all_finite(chart, axis))
      svg.text({x_at(chart, axis) - 7, kNotSet + 4}, "not set", "tick halo", "end");
  }
  return svg.finish();
}

}  // namespace parlando::report
