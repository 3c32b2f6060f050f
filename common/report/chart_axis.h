#pragma once

#include <span>
#include <string>
#include <vector>

namespace parlando::report {

/// An axis that holds some values, linear or decimal logarithmic.
class ChartAxis {
 public:
  /// Values that are not finite, or not positive on a logarithmic axis, are left out. `percent`:
  /// the values are shares; the axis stays within 0 to 1.
  explicit ChartAxis(std::span<const double> values, bool logarithmic = false,
                     bool percent = false);

  /// 0 at the low end, 1 at the high one.
  double at(double value) const;
  bool holds(double value) const;
  /// Round values, within the ends.
  const std::vector<double>& ticks() const { return ticks_; }
  std::string label(double tick) const;

 private:
  bool logarithmic_, percent_;
  double low_ = 0, high_ = 1;  ///< of the logarithm on a logarithmic axis
  std::vector<double> ticks_;
};

/// At most `characters` of a text, with an ellipsis where it is cut; not within a character.
std::string shortened(const std::string& text, std::size_t characters);

}  // namespace parlando::report
