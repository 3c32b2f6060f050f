#include <yaml-cpp/yaml.h>

#include "cli/inspect/describe.h"
#include "common/config/config.h"
#include "train/network/network_plan.h"

namespace parlando::inspect {
namespace {

/// "conv1" of "conv1.weight".
std::string part_of(const std::string& parameter) {
  return parameter.substr(0, parameter.find('.'));
}

Json describe_plan(const train::ModelConfig& model, train::InputShape shape, std::int64_t classes) {
  const train::NetworkPlan plan = train::plan_network(model, shape, classes);
  Json parts = Json::array();
  for (const train::ParameterPlan& parameter : plan.parameters) {
    const std::string name = part_of(parameter.name);
    if (parts.empty() || parts.back().at("part") != name) {
      parts.push_back({{"part", name}, {"parameters", 0}, {"tensors", Json::object()}});
    }
    Json& part = parts.back();
    part["parameters"] = part["parameters"].get<std::int64_t>() + parameter.elements();
    part["tensors"][parameter.name.substr(name.size() + 1)] = parameter.shape;
  }
  const train::ParameterCount count = plan.count();
  return Json{{"input", {{"frames", shape.frames}, {"rows", shape.rows}}},
              {"classes", classes},
              {"time_steps", plan.steps},
              {"parameters", {{"trainable", count.trainable}, {"keras_total", count.total}}},
              {"parts", parts}};
}

}  // namespace

Json describe_network(const std::string& model, const std::string& source, NetworkInput input) {
  return describe_plan(parse_config<train::ModelConfig>(model, source), {input.frames, input.rows},
                       input.classes);
}

NetworkInput network_input(const std::string& text, std::int64_t classes) {
  const std::size_t cross = text.find('x');
  const auto number = [&](const std::string& digits) -> std::int64_t {
    constexpr std::size_t kMostDigits = 9;
    const bool valid = !digits.empty() && digits.size() <= kMostDigits &&
                       digits.find_first_not_of("0123456789") == std::string::npos;
    if (!valid || std::stoll(digits) == 0) {
      fail(ErrorKind::usage, "--input {}: expected FRAMESxROWS, for instance 248x121", text);
    }
    return std::stoll(digits);
  };
  return {.frames = number(text.substr(0, cross)),
          .rows = number(cross == std::string::npos ? "" : text.substr(cross + 1)),
          .classes = classes};
}

}  // namespace parlando::inspect
