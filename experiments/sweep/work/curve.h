#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace parlando::sweep {

/// The metric of a run along its epochs.
struct Curve {
  std::vector<double> values;  ///< of epoch i + 1
  std::vector<bool> kept;      ///< whether its weights were the best so far
  double seconds = 0;          ///< of all epochs

  std::int64_t epochs() const { return static_cast<std::int64_t>(values.size()); }
  /// The epoch whose weights a run that ended after `epoch` would keep; 0 if there is none.
  std::int64_t kept_at(std::int64_t epoch) const;
  /// The metric of those weights; NaN if there are none.
  double value_at(std::int64_t epoch) const;
};

/// From metrics.jsonl; empty if there is none. A last line cut short by a kill is left out.
/// Throws Error(artefact) naming file and line for a damaged one.
Curve read_curve(const std::filesystem::path& run, const std::string& metric);

/// The same, but empty for a damaged one: for those that look on.
Curve curve_or_none(const std::filesystem::path& run, const std::string& metric);

}  // namespace parlando::sweep
