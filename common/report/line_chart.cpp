#include "common/report/line_chart.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "common/report/numbers.h"

namespace parlando::report {
namespace {

constexpr double kWidth = 460, kHeight = 268;
constexpr double kLeft = 46, kRight = 448, kTop = 44, kBottom = 230;

struct Range {
  double low = 0, high = 1;
};

bool drawable(const LineChart& chart, const Point& point) {
  return std::isfinite(point.x) && std::isfinite(point.y) && (!chart.logarithmic || point.y > 0);
}

Range range_of(const LineChart& chart, double Point::*axis) {
  Range range{INFINITY, -INFINITY};
  for (const LineSeries& series : chart.series) {
    for (const Point& point : series.points) {
      if (!drawable(chart, point)) continue;
      range.low = std::min(range.low, point.*axis);
      range.high = std::max(range.high, point.*axis);
    }
  }
  return range.low > range.high ? Range{0.1, 1} : range;
}

Range padded(Range range, double least) {
  if (range.high - range.low >= least) return range;
  const double middle = (range.low + range.high) / 2;
  return {middle - least / 2, middle + least / 2};
}

class Plot {
 public:
  explicit Plot(const LineChart& chart)
      : chart_(chart),
        svg_(chart.id, kWidth, kHeight, chart.title, chart.description),
        x_(range_of(chart, &Point::x)),
        y_(range_of(chart, &Point::y)) {
    x_ = padded(x_, 1);
    if (chart.logarithmic) y_ = {std::log10(y_.low), std::log10(y_.high)};
    if (chart.from_zero) y_.low = std::min(0.0, y_.low);
    if (chart.logarithmic) {
      y_ = {std::floor(padded(y_, 1e-9).low), std::ceil(padded(y_, 1e-9).high)};
    } else {
      y_ = padded(y_, chart.percent ? 0.05 : std::max(1e-9, std::abs(y_.high) * 0.05));
      y_ticks_ = axis_ticks(y_.low, y_.high, 5);
      y_ = {std::min(y_.low, y_ticks_.front()), std::max(y_.high, y_ticks_.back())};
      if (chart.percent) y_ = {std::max(0.0, y_.low), std::min(1.0, y_.high)};
    }
  }

  std::string draw() {
    draw_axes();
    draw_mark();
    for (const LineSeries& series : chart_.series) draw_series(series);
    draw_legend();
    return svg_.finish();
  }

 private:
  double x_at(double x) const {
    return kLeft + (x - x_.low) / (x_.high - x_.low) * (kRight - kLeft);
  }
  double y_at(double y) const {
    const double value = chart_.logarithmic ? std::log10(y) : y;
    return kBottom - (value - y_.low) / (y_.high - y_.low) * (kBottom - kTop);
  }

  void draw_y_tick(double value) {
    if (y_at(value) > kBottom + 0.5 || y_at(value) < kTop - 0.5) return;
    svg_.line({kLeft, y_at(value)}, {kRight, y_at(value)}, "grid");
    const std::string label =
        chart_.percent ? fmt::format("{:.0f} %", 100 * value) : compact(value);
    svg_.text({kLeft - 6, y_at(value) + 4}, label, "tick", "end");
  }

  void draw_axes() {
    if (chart_.logarithmic) {
      for (double power = y_.low; power < y_.high + 0.5; ++power) draw_y_tick(std::pow(10, power));
    } else {
      for (const double value : y_ticks_) draw_y_tick(value);
    }
    for (const double value : axis_ticks(x_.low, x_.high, 6)) {
      if (value < x_.low || value > x_.high || value != std::round(value)) continue;
      svg_.line({x_at(value), kBottom}, {x_at(value), kBottom + 4}, "axis");
      svg_.text({x_at(value), kBottom + 17}, fmt::format("{:.0f}", value), "tick", "middle");
    }
    svg_.line({kLeft, kBottom}, {kRight, kBottom}, "axis");
    svg_.text({(kLeft + kRight) / 2, kHeight - 4}, chart_.x_label, "label", "middle");
  }

  void draw_mark() {
    if (!chart_.mark || *chart_.mark < x_.low || *chart_.mark > x_.high) return;
    const double x = x_at(*chart_.mark);
    svg_.line({x, kTop - 6}, {x, kBottom}, "mark");
    const bool right_half = x > (kLeft + kRight) / 2;
    svg_.text({right_half ? x + 4 : x - 4, kTop - 10}, chart_.mark_label, "label mark-label",
              right_half ? "end" : "start");
  }

  void draw_series(const LineSeries& series) {
    std::vector<Point> piece;
    const auto flush = [&] {
      if (piece.size() == 1)
        svg_.circle(piece.front(), 3, "dot " + series.css_class, series.tooltip);
      if (piece.size() > 1) svg_.polyline(piece, "line " + series.css_class, series.tooltip);
      piece.clear();
    };
    for (const Point& point : series.points) {
      if (drawable(chart_, point)) {
        piece.push_back({x_at(point.x), y_at(point.y)});
      } else {
        flush();
      }
    }
    flush();
  }

  void draw_legend() {
    if (chart_.series.size() < 2) return;
    double x = kLeft;
    for (const LineSeries& series : chart_.series) {
      if (series.label.empty()) continue;
      const std::vector<Point> sample{{x, 12}, {x + 24, 12}};
      svg_.polyline(sample, "line " + series.css_class);
      svg_.text({x + 30, 16}, series.label, "legend");
      x += 48 + 7.2 * static_cast<double>(series.label.size());
    }
  }

  const LineChart& chart_;
  Svg svg_;
  Range x_, y_;
  std::vector<double> y_ticks_;
};

}  // namespace

std::vector<double> axis_ticks(double low, double high, int count) {
  const double span = std::max(high - low, 1e-12);
  const double magnitude = std::pow(10, std::floor(std::log10(span / count)));
  const double rough = span / count / magnitude;
  const double step = magnitude * (rough <= 1 ? 1 : rough <= 2 ? 2 : rough <= 5 ? 5 : 10);
  std::vector<double> ticks;
  const auto first = static_cast<std::int64_t>(std::floor(low / step + 1e-9));
  const auto last = static_cast<std::int64_t>(std::ceil(high / step - 1e-9));
  for (std::int64_t i = first; i <= last; ++i) ticks.push_back(static_cast<double>(i) * step);
  return ticks;
}

std::string draw_line_chart(const LineChart& chart) {
  return Plot(chart).draw();
}

}  // namespace parlando::report
