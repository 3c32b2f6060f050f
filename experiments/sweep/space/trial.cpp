#include "experiments/sweep/space/trial.h"

#include <yaml-cpp/yaml.h>

#include "common/core/error.h"
#include "common/core/text.h"

namespace parlando::sweep {
namespace {

constexpr std::string_view kPreprocess = "preprocess.";

Json node_to_json(const YAML::Node& node) {
  if (node.IsSequence()) {
    Json list = Json::array();
    for (const YAML::Node& item : node) list.push_back(node_to_json(item));
    return list;
  }
  if (node.IsMap()) {
    Json map = Json::object();
    for (const auto& entry : node) map[entry.first.Scalar()] = node_to_json(entry.second);
    return map;
  }
  if (!node.IsScalar()) return {};
  const bool quoted = node.Tag() == "!";
  std::int64_t whole = 0;
  double number = 0;
  bool truth = false;
  if (!quoted && YAML::convert<std::int64_t>::decode(node, whole)) return whole;
  if (!quoted && YAML::convert<double>::decode(node, number)) return number;
  if (!quoted && YAML::convert<bool>::decode(node, truth)) return truth;
  return node.Scalar();
}

}  // namespace

std::vector<std::string> Trial::train_keys() const {
  std::vector<std::string> keys;
  if (!own.empty()) return keys;
  for (const auto& [key, value] : parameters) {
    if (!key.starts_with(kPreprocess)) keys.push_back(key + "=" + value);
  }
  if (seed) keys.push_back(fmt::format("seed={}", *seed));
  if (fold) keys.push_back(fmt::format("split.fold={}", *fold));
  return keys;
}

std::vector<std::string> Trial::preprocess_keys() const {
  std::vector<std::string> keys;
  for (const auto& [key, value] : parameters) {
    if (key.starts_with(kPreprocess)) keys.push_back(key.substr(kPreprocess.size()) + "=" + value);
  }
  return keys;
}

std::string describe(const Assignment& assignment) {
  std::vector<std::string> parts;
  for (const auto& [key, value] : assignment) parts.push_back(key + "=" + value);
  return join_text(parts, " ");
}

std::string trial_name(const Trial& trial) {
  std::string repetition;
  if (trial.fold) repetition += fmt::format(" fold {}", *trial.fold);
  if (trial.seed) repetition += fmt::format(" seed {}", *trial.seed);
  if (!trial.row.empty()) return trial.row + repetition;
  return fmt::format("trial {}{} ({})", trial.index, repetition, describe(trial.parameters));
}

Json yaml_to_json(const std::string& yaml) {
  return node_to_json(YAML::Load(yaml));
}

Json trial_to_json(const Trial& trial) {
  Json json{{"trial", trial.index}, {"configuration", trial.configuration}};
  if (trial.seed) json["seed"] = *trial.seed;
  if (trial.fold) json["fold"] = *trial.fold;
  if (!trial.dataset.empty()) json["dataset"] = trial.dataset;
  if (!trial.row.empty()) json["row"] = trial.row;
  if (!trial.own.empty()) json["own"] = trial.own;
  json["parameters"] = Json::object();
  for (const auto& [key, value] : trial.parameters) json["parameters"][key] = value;
  return json;
}

Trial trial_from_json(const Json& json, const std::string& source) {
  Trial trial;
  trial.index = json_get<int>(json, "trial", source);
  trial.configuration = json_get<int>(json, "configuration", source);
  if (json.contains("seed")) trial.seed = json_get<std::uint64_t>(json, "seed", source);
  if (json.contains("fold")) trial.fold = json_get<int>(json, "fold", source);
  if (json.contains("dataset")) trial.dataset = json_get<std::string>(json, "dataset", source);
  if (json.contains("row")) trial.row = json_get<std::string>(json, "row", source);
  if (json.contains("own")) trial.own = json_get<std::string>(json, "own", source);
  const Json parameters = json_get<Json>(json, "parameters", source);
  for (const auto& [key, value] : parameters.items()) {
    if (!value.is_string())
      fail(ErrorKind::artefact, "{}: parameter '{}' is not a text", source, key);
    trial.parameters.emplace_back(key, value.get<std::string>());
  }
  return trial;
}

}  // namespace parlando::sweep
