#pragma once

#include <string>
#include <vector>

namespace parlando::report {

struct ScatterPoint {
  double x = 0, y = 0;
  std::string tooltip;
  bool strong = false;  ///< drawn last, as a diamond of another colour
};

struct ScatterChart {
  std::string id, title, description;
  std::string x_label;
  /// Where x is one of a list: the names of the columns, and x is 0, 1, ... Else empty.
  std::vector<std::string> columns;
  std::vector<ScatterPoint> points;  ///< those without a finite place are left out
  bool logarithmic = false;          ///< x on a decimal logarithmic axis; values must be positive
  bool percent = false;              ///< y is a share
};

/// A dot a point. Dots with the same x that would cover each other stand side by side, the first
/// in the middle: where they stand is a function of the data.
std::string draw_scatter_chart(const ScatterChart& chart);

}  // namespace parlando::report
