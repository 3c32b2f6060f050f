#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace parlando::report {

/// A value of a parameter as it stands in tables, and as a number where it is one.
struct ParameterValue {
  std::string text;
  double number = std::numeric_limits<double>::quiet_NaN();
};

/// A training of the sweep. Numbers that are not known are NaN.
struct SweepTrial {
  int number = 0;         ///< in the sweep, from 0
  int configuration = 0;  ///< trials that differ in seed and fold alone have the same
  std::string status;     ///< missing, stopped, finished or failed
  bool open = false;      ///< there is more to do: not begun, cut off, or to go on to the next rung
  double value = 0;       ///< of the metric
  std::vector<double> rung_values;       ///< at the rungs that it came to
  std::vector<std::int64_t> rung_times;  ///< when, Unix seconds
  std::int64_t epochs = 0, best_epoch = 0;
  std::string seed, fold;  ///< "" = not varied
  std::string error;
  std::map<std::string, ParameterValue> parameters;
  std::vector<double> curve;  ///< the metric after each epoch
};

/// A configuration over its folds and seeds, as the sweep ranks them.
struct SweepRow {
  int configuration = 0;
  std::vector<int> trials;  ///< that have a value
  std::size_t expected = 0;
  double mean = 0;
  std::optional<std::pair<double, double>> ci95;
  int rung = -1;
  std::int64_t epochs = 0;  ///< of all its trials
};

/// A key that differs between configurations.
struct SweepParameter {
  std::string key;
  bool numeric = false;
  bool logarithmic = false;  ///< on its axis, where it has one
  /// Its values where they are few or no numbers, in order; else empty.
  std::vector<std::string> columns;

  /// Where a value stands: its column, or the number. NaN for a trial that has none.
  double place_of(const SweepTrial& trial) const;
};

/// What a sweep's results.json and the curves of its runs say.
struct SweepRecord {
  std::filesystem::path folder;
  std::string name, metric;
  bool larger_is_better = true;
  std::vector<std::int64_t> rungs;  ///< epochs; several with early stopping
  std::vector<SweepTrial> trials;   ///< by number
  std::vector<SweepRow> rows;       ///< the best first
  std::string best_data;            ///< dataset of the best configuration; "" if there is none
  std::vector<SweepParameter> parameters;
  std::map<std::string, std::string> constants;  ///< keys that are the same everywhere

  bool halves() const { return rungs.size() > 1; }
  /// The metric is a share: per cent in tables, 0 to 1 on axes.
  bool percent() const;
  bool better(double a, double b) const { return larger_is_better ? a > b : a < b; }
  std::size_t count(const std::string& status) const;  ///< of trials that are not open
  std::size_t open() const;
  std::size_t configurations() const { return rows.size(); }
  /// The best configuration, or nullptr if no trial has a value.
  const SweepRow* best() const;
  /// "71.3 %" or "0.8123".
  std::string metric_text(double value) const;
};

/// A configuration with the mean of its trials at the first rung, where all had the same epochs.
struct ComparedConfiguration {
  const SweepTrial* trial = nullptr;  ///< one of its trials, for the parameters
  double value = 0;
};
/// Those whose trials all came to the first rung, with a finite metric.
std::vector<ComparedConfiguration> compared_configurations(const SweepRecord& sweep);

/// The parameters that differ and those that do not, from the trials; `logarithmic`: keys with such
/// an axis.
void find_parameters(SweepRecord& sweep, const std::vector<std::string>& logarithmic);

/// Whether a folder holds a sweep.
bool is_sweep(const std::filesystem::path& folder);

/// Reads results.json and the curves of the runs. Throws Error(artefact) if results.json is absent,
/// damaged or older than what the sweep's folder holds, saying what to do.
SweepRecord read_sweep(const std::filesystem::path& folder);

}  // namespace parlando::report
