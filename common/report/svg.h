#pragma once

#include <span>
#include <string>

namespace parlando::report {

struct Point {
  double x = 0, y = 0;
};

/// Builds one inline SVG picture. Coordinates are in units of the view box, y downwards; colours,
/// fonts and line styles come from the page's CSS through class names, so that a chart follows
/// light and dark. Texts are escaped here; class names are literals of ours.
class Svg {
 public:
  /// `title` and `description` are what screen readers say. `id` is unique in the page.
  Svg(const std::string& id, double width, double height, const std::string& title,
      const std::string& description);

  void line(Point from, Point to, const std::string& css_class);
  /// `tooltip` may be empty.
  void polyline(std::span<const Point> points, const std::string& css_class,
                const std::string& tooltip = "");
  void rect(Point corner, double width, double height, const std::string& css_class,
            const std::string& tooltip = "");
  void circle(Point centre, double radius, const std::string& css_class,
              const std::string& tooltip = "");
  void diamond(Point centre, double radius, const std::string& css_class,
               const std::string& tooltip = "");
  /// `anchor` is start, middle or end.
  void text(Point at, const std::string& content, const std::string& css_class,
            const std::string& anchor = "start");

  std::string finish() const { return body_ + "</svg>\n"; }

 private:
  void element(const std::string& shape, const std::string& tooltip);

  std::string body_;
};

}  // namespace parlando::report
