#include "common/report/scatter_chart.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "common/report/chart_axis.h"
#include "common/report/svg.h"

namespace parlando::report {
namespace {

constexpr double kWidth = 460, kHeight = 252;
constexpr double kLeft = 50, kRight = 448, kTop = 14, kBottom = 208;
constexpr double kRadius = 3, kStrongRadius = 5.5;
constexpr double kInset = 10;  ///< between the plot's edge and its outermost dots
constexpr double kCharacter = 6.6;

std::vector<double> coordinates(const ScatterChart& chart, double ScatterPoint::*axis) {
  std::vector<double> values;
  for (const ScatterPoint& point : chart.points) values.push_back(point.*axis);
  return values;
}

class Plot {
 public:
  explicit Plot(const ScatterChart& chart)
      : chart_(chart),
        svg_(chart.id, kWidth, kHeight, chart.title, chart.description),
        x_(coordinates(chart, &ScatterPoint::x), chart.logarithmic),
        y_(coordinates(chart, &ScatterPoint::y), false, chart.percent) {}

  std::string draw() {
    draw_axes();
    for (const bool strong : {false, true}) {
      for (const auto& [point, centre] : places()) {
        if (point->strong != strong) continue;
        if (strong) {
          svg_.diamond(centre, kStrongRadius, "dot s2", point->tooltip);
        } else {
          svg_.circle(centre, kRadius, "dot s1", point->tooltip);
        }
      }
    }
    return svg_.finish();
  }

 private:
  double column_width() const {
    return (kRight - kLeft) / static_cast<double>(std::max<std::size_t>(1, chart_.columns.size()));
  }
  double x_at(double x) const {
    if (!chart_.columns.empty()) return kLeft + (x + 0.5) * column_width();
    return kLeft + kInset + x_.at(x) * (kRight - kLeft - 2 * kInset);
  }
  double y_at(double y) const { return kBottom - y_.at(y) * (kBottom - kTop); }

  void draw_axes() {
    for (const double tick : y_.ticks()) {
      svg_.line({kLeft, y_at(tick)}, {kRight, y_at(tick)}, "grid");
      svg_.text({kLeft - 6, y_at(tick) + 4}, y_.label(tick), "tick", "end");
    }
    for (std::size_t i = 0; i < chart_.columns.size(); ++i) {
      const auto fits = static_cast<std::size_t>(column_width() / kCharacter);
      svg_.text({x_at(static_cast<double>(i)), kBottom + 17},
                shortened(chart_.columns[i], std::max<std::size_t>(2, fits)), "tick", "middle");
    }
    if (chart_.columns.empty()) {
      for (const double tick : x_.ticks()) {
        svg_.line({x_at(tick), kBottom}, {x_at(tick), kBottom + 4}, "axis");
        svg_.text({x_at(tick), kBottom + 17}, x_.label(tick), "tick", "middle");
      }
    }
    svg_.line({kLeft, kBottom}, {kRight, kBottom}, "axis");
    svg_.text({(kLeft + kRight) / 2, kHeight - 8}, shortened(chart_.x_label, 60), "label",
              "middle");
  }

  bool drawable(const ScatterPoint& point) const {
    return std::isfinite(point.y) && (chart_.columns.empty() ? x_.holds(point.x) : point.x >= 0);
  }

  /// Dots of the same x and the same cell of y go right and left of the middle in turn, closer
  /// together where a column has too many.
  std::vector<std::pair<const ScatterPoint*, Point>> places() const {
    std::map<std::pair<double, long>, std::vector<const ScatterPoint*>> cells;
    for (const ScatterPoint& point : chart_.points) {
      if (drawable(point))
        cells[{point.x, std::lround(y_at(point.y) / (2 * kRadius))}].push_back(&point);
    }
    const double half = chart_.columns.empty() ? 18 : column_width() / 2 - kRadius;
    std::vector<std::pair<const ScatterPoint*, Point>> result;
    for (const auto& [cell, points] : cells) {
      const auto aside = static_cast<double>(points.size() / 2);
      const double step = aside > 0 ? std::min(2 * kRadius + 0.5, half / aside) : 0;
      for (std::size_t i = 0; i < points.size(); ++i) {
        const double steps = static_cast<double>((i + 1) / 2) * (i % 2 == 1 ? 1 : -1);
        result.emplace_back(points[i], Point{x_at(cell.first) + steps * step, y_at(points[i]->y)});
      }
    }
    return result;
  }

  const ScatterChart& chart_;
  Svg svg_;
  ChartAxis x_, y_;
};

}  // namespace

std::string draw_scatter_chart(const ScatterChart& chart) {
  return Plot(chart).draw();
}

}  // namespace parlando::report
