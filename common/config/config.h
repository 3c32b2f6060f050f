#pragma once

#include <string>
#include <vector>

#include "common/config/visitors.h"

namespace parlando {

/// Reads YAML files, or blocks of them, later ones laid over earlier ones key by key, then
/// "key.path=value" overrides, into a config struct (schema.h). Unknown keys, wrong types and
/// values out of range throw Error(usage) that names file, line and key, and the nearest valid key.
template <class T>
T load_config_layers(const std::vector<ConfigLayer>& layers,
                     const std::vector<std::string>& overrides = {}) {
  std::string source;
  const YAML::Node node = config_detail::load_layers(layers, overrides, source);
  T config{};
  config_detail::read_struct(
      config, node, config_detail::Place{source, "", config_detail::override_keys(overrides)});
  return config;
}

/// The same of whole files.
template <class T>
T load_config(const std::vector<std::string>& files,
              const std::vector<std::string>& overrides = {}) {
  return load_config_layers<T>({files.begin(), files.end()}, overrides);
}

/// Parses YAML text; `source` names it in errors.
template <class T>
T parse_config(const std::string& text, const std::string& source) {
  T config{};
  try {
    config_detail::read_struct(config, YAML::Load(text), config_detail::Place{source, ""});
  } catch (const YAML::Exception& error) {
    fail(ErrorKind::usage, "{}: not valid YAML: {}", source, error.what());
  }
  return config;
}

/// The effective configuration as YAML, every field with its value, in declaration order. Equal
/// configurations give equal text, so it serves as the input of configuration hashes.
template <class T>
std::string dump_config(T config) {
  return config_detail::emit(config_detail::to_node(config));
}

/// The table of keys, defaults and meanings that --help prints.
template <class T>
std::string describe_config() {
  T config{};
  std::vector<config_detail::HelpLine> lines;
  config_detail::Describer describer("", lines);
  config.visit(describer);
  return config_detail::format_help(lines);
}

}  // namespace parlando
