#include "predict/windows/timeline.h"

#include <algorithm>
#include <functional>

namespace parlando::predict {
namespace {

/// Mean probabilities over [begin, end), which no window's end divides; empty if none covers it.
/// `first`: no earlier window ends behind `begin`.
std::vector<double> mean_over(std::span<const WindowScores> windows, std::size_t first,
                              double begin, double end) {
  std::vector<double> mean;
  double count = 0;
  for (std::size_t i = first; i < windows.size() && windows[i].begin <= begin; ++i) {
    const WindowScores& window = windows[i];
    if (window.end < end || window.probabilities.empty()) continue;
    mean.resize(window.probabilities.size());
    std::ranges::transform(mean, window.probabilities, mean.begin(), std::plus<>());
    ++count;
  }
  for (double& value : mean) value /= count;
  return mean;
}

}  // namespace

std::vector<Segment> merge_windows(std::span<const WindowScores> windows) {
  std::vector<double> ends;
  for (const WindowScores& window : windows) {
    ends.push_back(window.begin);
    ends.push_back(window.end);
  }
  std::ranges::sort(ends);
  ends.erase(std::ranges::unique(ends).begin(), ends.end());
  std::vector<Segment> segments;
  std::size_t first = 0;
  for (std::size_t i = 1; i < ends.size(); ++i) {
    const double begin = ends[i - 1], end = ends[i];
    while (windows[first].end <= begin && first + 1 < windows.size()) ++first;
    const std::vector<double> mean = mean_over(windows, first, begin, end);
    if (mean.empty()) continue;
    const auto best = static_cast<std::size_t>(std::ranges::max_element(mean) - mean.begin());
    const double weight = mean[best] * (end - begin);
    if (!segments.empty() && segments.back().best == best && segments.back().end == begin) {
      segments.back().confidence += weight;
      segments.back().end = end;
    } else {
      segments.push_back({.begin = begin, .end = end, .best = best, .confidence = weight});
    }
  }
  // Until here the probabilities were summed over time.
  for (Segment& segment : segments) segment.confidence /= segment.end - segment.begin;
  return segments;
}

}  // namespace parlando::predict
