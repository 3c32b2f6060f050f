#include "common/config/difference.h"

namespace parlando::config_detail {
namespace {

std::string on_one_line(const YAML::Node& node) {
  YAML::Emitter emitter;
  emitter << YAML::Flow << node;
  std::string line;
  // The emitter breaks long lists.
  for (const char c : std::string(emitter.c_str())) line += c == '\n' ? ' ' : c;
  return line;
}

void collect(const YAML::Node& before, const YAML::Node& after, const std::string& key,
             std::vector<ConfigChange>& found) {
  const auto child = [&](const std::string& name) { return key.empty() ? name : key + "." + name; };
  if (before.IsMap() && after.IsMap()) {
    const YAML::Node absent(YAML::NodeType::Null);
    for (const auto& entry : after) {
      const auto name = entry.first.as<std::string>();
      collect(before[name].IsDefined() ? before[name] : absent, entry.second, child(name), found);
    }
    for (const auto& entry : before) {
      const auto name = entry.first.as<std::string>();
      if (!after[name].IsDefined()) collect(entry.second, absent, child(name), found);
    }
    return;
  }
  if (before.IsSequence() && after.IsSequence() && before.size() == after.size()) {
    for (std::size_t i = 0; i < before.size(); ++i)
      collect(before[i], after[i], child(std::to_string(i)), found);
    return;
  }
  const std::string one = on_one_line(before), other = on_one_line(after);
  if (one != other) found.push_back({key, one, other});
}

}  // namespace

std::vector<ConfigChange> changes(const YAML::Node& before, const YAML::Node& after) {
  std::vector<ConfigChange> found;
  collect(before, after, "", found);
  return found;
}

}  // namespace parlando::config_detail
