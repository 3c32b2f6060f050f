#include <functional>

#include <yaml-cpp/yaml.h>

#include "cli/inspect/describe.h"

namespace parlando::inspect {

Json describe_configuration(const std::filesystem::path& file,
                            const std::optional<NetworkInput>& input) {
  YAML::Node root;
  try {
    root = YAML::LoadFile(file.string());
  } catch (const YAML::Exception& error) {
    fail(ErrorKind::artefact, "{}: not valid YAML: {}", file.string(), error.what());
  }
  if (!root.IsMap()) {
    fail(ErrorKind::artefact, "{}: not a configuration: no keys", file.string());
  }
  Json keys = Json::object();
  const std::function<void(const YAML::Node&, const std::string&)> flatten =
      [&](const YAML::Node& node, const std::string& prefix) {
        for (const auto& entry : node) {
          const std::string key = prefix + entry.first.as<std::string>();
          if (entry.second.IsMap()) {
            flatten(entry.second, key + ".");
          } else if (entry.second.IsScalar()) {
            keys[key] = entry.second.as<std::string>();
          } else {
            keys[key] = YAML::Dump(entry.second);
          }
        }
      };
  flatten(root, "");
  const bool trains = root["model"] || root["optimizer"] || root["epochs"];
  const bool preprocesses = root["features"] || root["waveform"];
  Json result{{"of", trains         ? "training"
                     : preprocesses ? "preprocessing"
                                    : "unknown"},
              {"keys", keys}};
  if (trains && input) {
    const std::string model = root["model"] ? YAML::Dump(root["model"]) : "{}";
    result["network"] = describe_network(model, file.string() + ": model", *input);
  }
  return result;
}

}  // namespace parlando::inspect
