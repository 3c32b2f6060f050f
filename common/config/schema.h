#pragma once

#include <limits>
#include <string>
#include <vector>

namespace parlando {

/// A value of any kind, kept as YAML on one line: for keys whose type another program knows.
struct YamlText {
  std::string text;
  bool operator==(const YamlText&) const = default;
};

/// What a config field accepts and what it means. A config struct declares its fields once:
///
///     struct Optimizer {
///       double learning_rate = 1e-3;
///       template <class Visitor>
///       void visit(Visitor& v) {
///         v.field("learning_rate", learning_rate, {.help = "step size", .min = 0});
///       }
///     };
///
/// and YAML reading, key=value overrides, validation, --help and the dump of the effective
/// configuration all follow from it (config.h). Supported types: bool, int, int64, uint64, double,
/// string, YamlText, nested structs, std::vector and std::map<string, T> of these, and
/// std::optional (null or absent in YAML). A struct may add `void validate() const`, which throws
/// Error(usage).
struct Field {
  std::string help;
  std::string unit{};
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  std::vector<std::string> choices{};  ///< for strings: the values allowed; empty = any
  bool required = false;               ///< the key may not be absent
};

}  // namespace parlando
