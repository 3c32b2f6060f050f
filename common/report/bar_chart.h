#pragma once

#include <string>
#include <vector>

namespace parlando::report {

/// Horizontal bars of shares (0 to 1), some series a row: for instance precision, recall and F1 a
/// class.
struct BarChart {
  struct Row {
    std::string label;
    std::vector<double> values;  ///< [series]
  };
  std::string id, title, description;
  std::vector<std::string> series;
  std::vector<Row> rows;
};
std::string draw_bar_chart(const BarChart& chart);

/// A dot with its interval a row, and a dashed line at a reference value.
struct DotChart {
  struct Row {
    std::string label;
    std::string note;  ///< behind the row, for instance "n = 20"
    double value = 0, low = 0, high = 0;
  };
  std::string id, title, description;
  std::vector<Row> rows;
  double reference = 0;
  std::string reference_label;
};
std::string draw_dot_chart(const DotChart& chart);

}  // namespace parlando::report
