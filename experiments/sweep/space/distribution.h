#pragma once

#include <limits>
#include <string>
#include <vector>

#include "common/core/random.h"
#include "experiments/sweep/space/sweep_config.h"

namespace parlando::sweep {

/// What values a parameter takes, and how they are drawn. Names and meanings are those of W&B's
/// sweeps: log_uniform has bounds of the natural logarithm, log_uniform_values of the value, a "q"
/// rounds to multiples of q. Values are YAML texts, as key=value takes them.
class Distribution {
 public:
  /// `key` names the parameter in errors. Throws Error(usage) for keys that contradict each other
  /// or bounds in the wrong order.
  Distribution(const std::string& key, const Parameter& parameter);

  std::string draw(RandomStream& stream) const;

  /// Every value, for a grid. Throws Error(usage) naming the parameter if it has no list.
  std::vector<std::string> list() const;

  /// Whether it ever gives `value`, a YAML text; true for distributions without a list.
  bool may_give(const std::string& value) const;

  /// Values lie on a logarithmic scale, as drawn or as listed: for axes.
  bool logarithmic() const;
  const std::string& kind() const { return kind_; }

 private:
  void require_values() const;
  void require_bounds();
  void set_steps();
  std::string rounded(double value) const;

  std::string key_, kind_;
  std::vector<std::string> values_;
  std::vector<double> probabilities_;
  double low_ = 0, high_ = 0;  ///< bounds, or mean and standard deviation
  double step_ = 1;
  /// First and last multiple of the step within the bounds.
  double first_ = -std::numeric_limits<double>::infinity();
  double last_ = std::numeric_limits<double>::infinity();
};

/// Whether two YAML texts are the same value: 0.001 and 1e-3, adam and "adam".
bool same_value(const std::string& a, const std::string& b);

}  // namespace parlando::sweep
