#pragma once

#include <string>
#include <vector>

#include "common/config/visitors.h"

namespace parlando {

/// A key of which two configurations have different values, as YAML on one line.
struct ConfigChange {
  std::string key;  ///< "optimizer.learning_rate", "model.conv.0.filters"
  std::string before, after;
};

namespace config_detail {
std::vector<ConfigChange> changes(const YAML::Node& before, const YAML::Node& after);
}

/// In declaration order. Lists of different length count as one value.
template <class T>
std::vector<ConfigChange> config_changes(T before, T after) {
  return config_detail::changes(config_detail::to_node(before), config_detail::to_node(after));
}

}  // namespace parlando
