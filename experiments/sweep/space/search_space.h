#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "experiments/sweep/space/distribution.h"
#include "experiments/sweep/space/sweep_config.h"
#include "experiments/sweep/space/trial.h"

namespace parlando::sweep {

/// The parameters of a sweep, nested ones by their dotted keys, and where they apply.
class SearchSpace {
 public:
  /// Throws Error(usage) naming the parameter for a defect of one, a condition on a key that is no
  /// parameter, or conditions in a circle.
  explicit SearchSpace(const std::map<std::string, Parameter>& parameters);

  /// Every combination, the first key slowest. Throws Error(usage) if a parameter has no list, or
  /// there are more than a million.
  std::vector<Assignment> grid() const;

  /// The draws of (seed, index), each key from a stream of its own: adding a parameter changes no
  /// other's values. `attempt` gives another draw.
  Assignment draw(std::uint64_t seed, std::uint64_t index, std::uint32_t attempt) const;

  /// By dotted key.
  const std::map<std::string, Distribution>& distributions() const { return distributions_; }

 private:
  struct Condition {
    std::string key;
    std::vector<std::string> values;
  };
  void flatten(const std::string& prefix, const std::map<std::string, Parameter>& parameters);
  void add(const std::string& key, const Parameter& parameter);
  void order();
  void require_possible(const std::string& key, const Condition& condition) const;
  bool applies(const std::string& key, const std::map<std::string, std::string>& chosen) const;
  void extend(std::size_t depth, std::map<std::string, std::string>& chosen,
              std::vector<Assignment>& found) const;

  std::map<std::string, Distribution> distributions_;
  std::map<std::string, std::vector<Condition>> conditions_;
  std::vector<std::string> ordered_;  ///< keys, each after those that its conditions name
};

/// The trials of a sweep, in order: configurations, each with all folds and seeds.
std::vector<Trial> make_trials(const SweepConfig& config);

/// The trials of a sweep that has some already: those keep their numbers, the others follow.
/// Throws Error(usage) naming a trial there that `wanted` lacks.
std::vector<Trial> extend_trials(const std::vector<Trial>& there, const std::vector<Trial>& wanted);

}  // namespace parlando::sweep
