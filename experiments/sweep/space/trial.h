#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/io/json.h"

namespace parlando::sweep {

/// Keys and their values as YAML texts, in the order of the keys.
using Assignment = std::vector<std::pair<std::string, std::string>>;

/// One training of a sweep: a point of the search space, with a seed and a fold. A trial of a study
/// has whole configurations of its own instead of parameters (Sweep::train_file).
struct Trial {
  int index = 0;          ///< from 0, as in file names
  int configuration = 0;  ///< trials that differ in seed and fold alone have the same
  Assignment parameters;
  std::optional<std::uint64_t> seed;
  std::optional<int> fold;
  std::string dataset;  ///< hash of the dataset that the sweep makes; "" = the one given
  std::string row{};    ///< of a study
  std::string own{};    ///< folder of its own configurations; "" = those of the sweep

  bool operator==(const Trial&) const = default;

  /// key=value for parlando train; none for a trial with its own configurations.
  std::vector<std::string> train_keys() const;
  /// key=value for parlando preprocess.
  std::vector<std::string> preprocess_keys() const;
};

/// "optimizer.learning_rate=0.001 model.lstm.hidden=64".
std::string describe(const Assignment& assignment);

/// "trial 7 seed 2 (batch_size=16)"; of a study "no-attention seed 2".
std::string trial_name(const Trial& trial);

/// A YAML text as JSON: numbers, booleans, lists and maps by their kind.
Json yaml_to_json(const std::string& yaml);

Json trial_to_json(const Trial& trial);
/// Throws Error(artefact) naming `source`.
Trial trial_from_json(const Json& json, const std::string& source);

}  // namespace parlando::sweep
