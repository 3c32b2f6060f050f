#pragma once

#include <string>
#include <vector>

namespace parlando::report {

struct ParallelAxis {
  std::string label;
  std::vector<std::string> columns;  ///< names of the values 0, 1, ... of a list; else empty
  bool logarithmic = false;          ///< for numbers
  bool percent = false;
};

struct ParallelLine {
  std::vector<double> values;  ///< [axis]; one that is not finite stands below the axis, "not set"
  std::string css_class;       ///< "q1" to "q4" of page.css
  std::string tooltip;
};

/// Parallel coordinates (Inselberg 1985): a vertical axis a dimension, a line a case.
struct ParallelChart {
  std::string id, title, description;
  std::vector<ParallelAxis> axes;
  std::vector<ParallelLine> lines;  ///< in the order of drawing
};
std::string draw_parallel_chart(const ParallelChart& chart);

}  // namespace parlando::report
