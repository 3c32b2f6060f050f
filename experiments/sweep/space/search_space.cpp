#include "experiments/sweep/space/search_space.h"

#include <algorithm>
#include <set>
#include <tuple>

#include <yaml-cpp/yaml.h>

#include "common/core/error.h"
#include "common/core/log.h"
#include "common/core/text.h"

namespace parlando::sweep {
namespace {

constexpr std::size_t kMostConfigurations = 1'000'000;
constexpr std::uint32_t kMostAttempts = 200;  ///< to draw a configuration that is not there yet

std::vector<std::string> condition_values(const YamlText& text) {
  const YAML::Node node = YAML::Load(text.text);
  if (!node.IsSequence()) return {text.text};
  std::vector<std::string> values;
  for (const YAML::Node& item : node) values.push_back(YAML::Dump(item));
  return values;
}

Assignment to_assignment(const std::map<std::string, std::string>& chosen) {
  return {chosen.begin(), chosen.end()};
}

}  // namespace

SearchSpace::SearchSpace(const std::map<std::string, Parameter>& parameters) {
  flatten("", parameters);
  order();
}

void SearchSpace::flatten(const std::string& prefix,
                          const std::map<std::string, Parameter>& parameters) {
  for (const auto& [name, parameter] : parameters) {
    const std::string key = prefix.empty() ? name : prefix + "." + name;
    if (parameter.parameters.empty()) {
      add(key, parameter);
      continue;
    }
    Parameter rest = parameter;
    rest.parameters.clear();
    if (rest.value || !rest.values.empty() || !rest.probabilities.empty() ||
        !rest.distribution.empty() || rest.min || rest.max || rest.mu || rest.sigma || rest.q ||
        !rest.when.empty()) {
      fail(ErrorKind::usage, "parameters: {}: has values of its own and keys below it; keep one",
           key);
    }
    flatten(key, parameter.parameters);
  }
}

void SearchSpace::add(const std::string& key, const Parameter& parameter) {
  if (key.empty() || key.find('=') != std::string::npos)
    fail(ErrorKind::usage, "parameters: '{}': is no key of a configuration", key);
  if (!distributions_.emplace(key, Distribution(key, parameter)).second)
    fail(ErrorKind::usage, "parameters: {}: stands twice, as a dotted and as a nested key", key);
  for (const auto& [other, values] : parameter.when)
    conditions_[key].push_back({other, condition_values(values)});
}

void SearchSpace::order() {
  std::vector<std::string> names;
  for (const auto& [key, distribution] : distributions_) names.push_back(key);
  for (const auto& [key, conditions] : conditions_) {
    for (const Condition& condition : conditions) {
      if (distributions_.contains(condition.key)) {
        require_possible(key, condition);
        continue;
      }
      const std::string near = nearest(condition.key, names);
      fail(ErrorKind::usage, "parameters: {}: when: '{}' is no parameter of this sweep{}", key,
           condition.key, near.empty() ? "" : fmt::format("; did you mean '{}'?", near));
    }
  }
  const auto placed = [&](const std::string& key) {
    return std::ranges::find(ordered_, key) != ordered_.end();
  };
  while (ordered_.size() < names.size()) {
    const std::size_t before = ordered_.size();
    for (const std::string& key : names) {
      const auto found = conditions_.find(key);
      const bool ready = found == conditions_.end() ||
                         std::ranges::all_of(found->second, [&](const Condition& condition) {
                           return placed(condition.key);
                         });
      if (ready && !placed(key)) ordered_.push_back(key);
    }
    if (ordered_.size() > before) continue;
    const auto stuck = std::ranges::find_if_not(names, placed);
    fail(ErrorKind::usage, "parameters: {}: when: the conditions go in a circle", *stuck);
  }
}

void SearchSpace::require_possible(const std::string& key, const Condition& condition) const {
  const Distribution& other = distributions_.at(condition.key);
  for (const std::string& value : condition.values) {
    if (other.may_give(value)) continue;
    fail(ErrorKind::usage, "parameters: {}: when: {} is never {}; its values are {}", key,
         condition.key, value, join_text(other.list(), ", "));
  }
}

bool SearchSpace::applies(const std::string& key,
                          const std::map<std::string, std::string>& chosen) const {
  const auto found = conditions_.find(key);
  if (found == conditions_.end()) return true;
  return std::ranges::all_of(found->second, [&](const Condition& condition) {
    const auto other = chosen.find(condition.key);
    return other != chosen.end() && std::ranges::any_of(condition.values, [&](const auto& value) {
             return same_value(value, other->second);
           });
  });
}

void SearchSpace::extend(std::size_t depth, std::map<std::string, std::string>& chosen,
                         std::vector<Assignment>& found) const {
  if (depth == ordered_.size()) {
    if (found.size() == kMostConfigurations) {
      fail(ErrorKind::usage,
           "parameters: the grid has more than {} combinations; take method random or fewer values",
           kMostConfigurations);
    }
    found.push_back(to_assignment(chosen));
    return;
  }
  const std::string& key = ordered_[depth];
  if (!applies(key, chosen)) return extend(depth + 1, chosen, found);
  for (const std::string& value : distributions_.at(key).list()) {
    chosen[key] = value;
    extend(depth + 1, chosen, found);
  }
  chosen.erase(key);
}

std::vector<Assignment> SearchSpace::grid() const {
  std::vector<Assignment> found;
  std::map<std::string, std::string> chosen;
  extend(0, chosen, found);
  return found;
}

Assignment SearchSpace::draw(std::uint64_t seed, std::uint64_t index, std::uint32_t attempt) const {
  std::map<std::string, std::string> chosen;
  for (const std::string& key : ordered_) {
    if (!applies(key, chosen)) continue;
    RandomStream stream(seed, "sweep " + key, index, attempt);
    chosen[key] = distributions_.at(key).draw(stream);
  }
  return to_assignment(chosen);
}

namespace {

std::vector<Assignment> draw_all(const SearchSpace& space, const SweepConfig& config) {
  std::vector<Assignment> drawn;
  std::set<Assignment> seen;
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(config.run_cap); ++i) {
    bool fresh = false;
    for (std::uint32_t attempt = 0; attempt < kMostAttempts && !fresh; ++attempt) {
      Assignment candidate = space.draw(config.seed, i, attempt);
      fresh = seen.insert(candidate).second;
      if (fresh) drawn.push_back(std::move(candidate));
    }
    if (fresh) continue;
    log_warning(
        "the search space has hardly more than {} configurations: run_cap {} is not reached",
        drawn.size(), config.run_cap);
    break;
  }
  return drawn;
}

/// The values given, or "not given" alone.
template <class T>
std::vector<std::optional<T>> or_none(const std::vector<T>& values) {
  if (values.empty()) return {std::nullopt};
  return {values.begin(), values.end()};
}

}  // namespace

std::vector<Trial> make_trials(const SweepConfig& config) {
  const SearchSpace space(config.parameters);
  for (const char* key : {"seed", "split.fold"}) {
    const bool listed = key == std::string("seed") ? !config.seeds.empty() : !config.folds.empty();
    if (listed && space.distributions().contains(key))
      fail(ErrorKind::usage, "parameters: {}: is given by seeds: or folds: too; keep one", key);
  }
  std::vector<Assignment> configurations =
      config.method == "grid" ? space.grid() : draw_all(space, config);
  if (config.method == "grid" && config.run_cap > 0 &&
      configurations.size() > static_cast<std::size_t>(config.run_cap)) {
    configurations.resize(static_cast<std::size_t>(config.run_cap));
  }
  std::vector<Trial> trials;
  for (std::size_t i = 0; i < configurations.size(); ++i) {
    for (const std::optional<int> fold : or_none(config.folds)) {
      for (const std::optional<std::uint64_t> seed : or_none(config.seeds)) {
        trials.push_back({.index = static_cast<int>(trials.size()),
                          .configuration = static_cast<int>(i),
                          .parameters = configurations[i],
                          .seed = seed,
                          .fold = fold,
                          .dataset = ""});
      }
    }
  }
  return trials;
}

std::vector<Trial> extend_trials(const std::vector<Trial>& there,
                                 const std::vector<Trial>& wanted) {
  using Identity = std::tuple<Assignment, std::optional<int>, std::optional<std::uint64_t>>;
  const auto identity = [](const Trial& trial) {
    return Identity(trial.parameters, trial.fold, trial.seed);
  };
  std::set<Identity> known, kept;
  std::map<Assignment, int> configurations;
  for (const Trial& trial : there) {
    known.insert(identity(trial));
    configurations.emplace(trial.parameters, trial.configuration);
  }
  for (const Trial& trial : wanted) kept.insert(identity(trial));
  for (const Trial& trial : there) {
    if (kept.contains(identity(trial))) continue;
    fail(ErrorKind::usage,
         "trial {} ({}) of the sweep there is not in this one; keys can be added to a sweep, not "
         "taken away: give another --out folder",
         trial.index, describe(trial.parameters));
  }
  std::vector<Trial> trials = there;
  for (Trial trial : wanted) {
    if (known.contains(identity(trial))) continue;
    trial.index = static_cast<int>(trials.size());
    trial.configuration =
        configurations.emplace(trial.parameters, static_cast<int>(configurations.size()))
            .first->second;
    trials.push_back(std::move(trial));
  }
  return trials;
}

}  // namespace parlando::sweep
