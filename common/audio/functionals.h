#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace parlando::audio {

/// Statistics over the frames of a clip, in NumPy's definitions: "mean", "std" (ddof 0), "min",
/// "max", "range", "median", percentiles "p5" ... "p97.5" (linear interpolation), "slope" (least
/// squares over the frame's index), and SciPy's "skewness" and "kurtosis" (biased, excess; 0 where
/// all frames are equal). Accumulated in double. Not thread-safe.
class Functionals {
 public:
  /// Throws Error(usage) for an unknown name or one that is listed twice.
  explicit Functionals(const std::vector<std::string>& names);

  bool empty() const { return names_.empty(); }

  /// "mfcc_0_mean" for each row and statistic: all rows of the first one, then of the next.
  std::vector<std::string> row_names(const std::vector<std::string>& rows) const;

  /// One value a row and statistic, in the order of row_names(), of [frames, rows]; frames > 0.
  std::vector<float> apply(std::span<const float> values, std::size_t frames);

 private:
  double compute(const std::string& name);

  std::vector<std::string> names_;
  std::vector<double> series_;  ///< one row over time
  std::vector<double> sorted_;
};

}  // namespace parlando::audio
