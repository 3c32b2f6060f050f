#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/report/svg.h"

namespace parlando::report {

struct LineSeries {
  std::string label;          ///< "" = not in the legend
  std::string css_class;      ///< "s1", "s2", ... of page.css
  std::vector<Point> points;  ///< data; not finite values leave a gap
  std::string tooltip = "";
};

struct LineChart {
  std::string id, title, description;
  std::string x_label;
  std::vector<LineSeries> series;
  bool percent = false;        ///< y is a share: ticks in per cent, the axis within 0 to 1
  bool logarithmic = false;    ///< y on a decimal logarithmic axis; values must be positive
  bool from_zero = false;      ///< the y axis starts at 0
  std::optional<double> mark;  ///< a vertical line at this x
  std::string mark_label;
};

/// One figure with axes, grid, legend and a line a series; a single point is drawn as a dot.
std::string draw_line_chart(const LineChart& chart);

/// Round numbers that cover [low, high], about `count` of them.
std::vector<double> axis_ticks(double low, double high, int count);

}  // namespace parlando::report
