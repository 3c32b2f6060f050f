#include "common/report/svg.h"

#include <fmt/format.h>

#include "common/report/escape.h"

namespace parlando::report {

Svg::Svg(const std::string& id, double width, double height, const std::string& title,
         const std::string& description)
    : body_(fmt::format(
          "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" viewBox=\"0 0 {:.0f} {:.0f}\" "
          "role=\"img\" aria-labelledby=\"{}-t {}-d\"><title id=\"{}-t\">{}</title>"
          "<desc id=\"{}-d\">{}</desc>\n",
          width, height, id, id, id, escape_html(title), id, escape_html(description))) {}

void Svg::element(const std::string& shape, const std::string& tooltip) {
  const auto name = shape.substr(1, shape.find(' ') - 1);
  body_ += tooltip.empty()
               ? shape + "/>\n"
               : fmt::format("{}><title>{}</title></{}>\n", shape, escape_html(tooltip), name);
}

void Svg::line(Point from, Point to, const std::string& css_class) {
  element(fmt::format("<line class=\"{}\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"",
                      css_class, from.x, from.y, to.x, to.y),
          "");
}

void Svg::polyline(std::span<const Point> points, const std::string& css_class,
                   const std::string& tooltip) {
  std::string path;
  for (const Point& point : points) path += fmt::format("{:.1f},{:.1f} ", point.x, point.y);
  if (!path.empty()) path.pop_back();
  element(fmt::format("<polyline class=\"{}\" points=\"{}\"", css_class, path), tooltip);
}

void Svg::rect(Point corner, double width, double height, const std::string& css_class,
               const std::string& tooltip) {
  element(fmt::format("<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" "
                      "height=\"{:.1f}\"",
                      css_class, corner.x, corner.y, width, height),
          tooltip);
}

void Svg::circle(Point centre, double radius, const std::string& css_class,
                 const std::string& tooltip) {
  element(fmt::format("<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\"", css_class,
                      centre.x, centre.y, radius),
          tooltip);
}

void Svg::diamond(Point centre, double radius, const std::string& css_class,
                  const std::string& tooltip) {
  element(fmt::format("<path class=\"{}\" d=\"M{:.1f} {:.1f}l{:.1f} {:.1f}l{:.1f} {:.1f}l{:.1f} "
                      "{:.1f}z\"",
                      css_class, centre.x, centre.y - radius, radius, radius, -radius, radius,
                      -radius, -radius),
          tooltip);
}

void Svg::text(Point at, const std::string& content, const std::string& css_class,
               const std::string& anchor) {
  body_ +=
      fmt::format("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n",
                  css_class, at.x, at.y, anchor, escape_html(content));
}

}  // namespace parlando::report
