#include "common/report/reliability_chart.h"

#include <fmt/format.h>

#include "common/report/numbers.h"
#include "common/report/svg.h"

namespace parlando::report {
namespace {

constexpr double kWidth = 460, kHeight = 330;
constexpr double kLeft = 50, kRight = 448, kTop = 14, kBottom = 284;
constexpr double kBar = 14, kDiamond = 5;

Point at(double confidence, double accuracy) {
  return {kLeft + confidence * (kRight - kLeft), kBottom - accuracy * (kBottom - kTop)};
}

void draw_axes(Svg& svg) {
  for (const double share : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    const std::string label = fmt::format("{:.0f} %", 100 * share);
    svg.line(at(0, share), at(1, share), share == 0 ? "axis" : "grid");
    svg.text({kLeft - 6, at(0, share).y + 4}, label, "tick", "end");
    svg.text({at(share, 0).x, kBottom + 17}, label, "tick", "middle");
  }
  svg.text({(kLeft + kRight) / 2, kHeight - 6}, "confidence", "label", "middle");
}

}  // namespace

std::string draw_reliability_chart(const std::string& id,
                                   const std::vector<metrics::ReliabilityPoint>& points) {
  double clips = 0;
  std::string description;
  for (const metrics::ReliabilityPoint& point : points) {
    clips += point.clips;
    description +=
        fmt::format("At confidence {} % right: {} % of {:.0f}. ", percent(point.confidence),
                    percent(point.accuracy.value), point.clips);
  }
  Svg svg(id, kWidth, kHeight, "Accuracy against confidence", description);
  draw_axes(svg);
  for (const metrics::ReliabilityPoint& point : points) {
    const double share = point.clips / clips;
    svg.rect({at(point.confidence, 0).x - kBar / 2, at(0, share).y}, kBar, kBottom - at(0, share).y,
             "bar quiet", fmt::format("{} % of the clips", percent(share)));
  }
  svg.line(at(0, 0), at(1, 1), "mark");
  for (const metrics::ReliabilityPoint& point : points) {
    const metrics::Figure& accuracy = point.accuracy;
    svg.line(at(point.confidence, accuracy.low), at(point.confidence, accuracy.high), "whisker");
    svg.diamond(at(point.confidence, accuracy.value), kDiamond, "dot s1",
                fmt::format("{:.0f} clips, confidence {} %, right {} % (95 % interval {} to {})",
                            point.clips, percent(point.confidence), percent(accuracy.value),
                            percent(accuracy.low), percent(accuracy.high)));
  }
  return svg.finish();
}

}  // namespace parlando::report
