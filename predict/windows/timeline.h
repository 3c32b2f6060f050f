#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace parlando::predict {

/// What a window says.
struct WindowScores {
  double begin = 0, end = 0;          ///< seconds
  std::vector<double> probabilities;  ///< [classes]; empty: the window gave no features
};

/// A stretch of a recording with one class.
struct Segment {
  double begin = 0, end = 0;  ///< seconds
  std::size_t best = 0;       ///< class index
  double confidence = 0;      ///< mean probability of that class
};

/// Merges overlapping windows, in the order of their beginnings, to a timeline: every instant gets
/// the mean probabilities of the windows that cover it, and neighbours of the same class become one
/// segment. What no window covers is in no segment.
std::vector<Segment> merge_windows(std::span<const WindowScores> windows);

}  // namespace parlando::predict
