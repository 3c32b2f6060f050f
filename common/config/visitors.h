#pragma once

#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "common/config/schema.h"
#include "common/core/error.h"

namespace parlando {

/// A YAML file, or the keys below one of its own: block "train" of a file that has train: and
/// preprocess:. A file without the block changes nothing.
struct ConfigLayer {
  ConfigLayer(std::string of_file, std::string of_block = "")
      : file(std::move(of_file)), block(std::move(of_block)) {}
  std::string file, block;
};

}  // namespace parlando

namespace parlando::config_detail {

template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
template <class T>
struct IsMap : std::false_type {};
template <class T>
struct IsMap<std::map<std::string, T>> : std::true_type {};
template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

template <class T>
concept Scalar = std::is_arithmetic_v<T> || std::same_as<T, std::string>;

/// Where a value stands, for messages: "configs/train/mel128.yaml:12: optimizer.learning_rate", or
/// "command line: optimizer.learning_rate" for the keys that an override gave.
struct Place {
  std::string source;
  std::string path;
  std::vector<std::string> overridden{};
  std::string describe(const YAML::Node& node) const;
  Place child(std::string_view key) const;
};

bool read_scalar(const YAML::Node& node, const Place& place, bool);
std::int64_t read_scalar(const YAML::Node& node, const Place& place, std::int64_t);
std::uint64_t read_scalar(const YAML::Node& node, const Place& place, std::uint64_t);
double read_scalar(const YAML::Node& node, const Place& place, double);
std::string read_scalar(const YAML::Node& node, const Place& place, const std::string&);
void check_range(double value, const Field& field, const YAML::Node& node, const Place& place);
void check_choice(const std::string& value, const Field& field, const YAML::Node& node,
                  const Place& place);
/// The name that a key is. Throws Error(usage) for a list or a map.
std::string key_text(const YAML::Node& key, const Place& place);
void check_keys(const YAML::Node& node, const std::vector<std::string>& known, const Place& place);
[[noreturn]] void fail_absent(const std::string& key, const Field& field, const YAML::Node& node,
                              const Place& place);
void require_map(const YAML::Node& node, const Place& place);
void require_sequence(const YAML::Node& node, const Place& place);
/// The node on one line, quotes of texts kept.
std::string yaml_text(const YAML::Node& node);

template <class T>
void read_struct(T& target, const YAML::Node& node, const Place& place);

template <class T>
void read_value(T& target, const Field& field, const YAML::Node& node, const Place& place) {
  if constexpr (IsOptional<T>::value) {
    if (node.IsNull()) {
      target.reset();
    } else {
      typename T::value_type value{};
      read_value(value, field, node, place);
      target = std::move(value);
    }
  } else if constexpr (std::same_as<T, YamlText>) {
    target.text = yaml_text(node);
  } else if constexpr (std::same_as<T, bool> || std::same_as<T, std::string>) {
    target = read_scalar(node, place, T{});
    if constexpr (std::same_as<T, std::string>) check_choice(target, field, node, place);
  } else if constexpr (std::integral<T>) {
    using Wide = std::conditional_t<std::unsigned_integral<T>, std::uint64_t, std::int64_t>;
    const Wide value = read_scalar(node, place, Wide{});
    check_range(static_cast<double>(value), field, node, place);
    if (value > static_cast<Wide>(std::numeric_limits<T>::max()) ||
        value < static_cast<Wide>(std::numeric_limits<T>::min())) {
      fail(ErrorKind::usage, "{}: {} is out of range", place.describe(node), value);
    }
    target = static_cast<T>(value);
  } else if constexpr (std::floating_point<T>) {
    const double value = read_scalar(node, place, double{});
    check_range(value, field, node, place);
    target = static_cast<T>(value);
  } else if constexpr (IsVector<T>::value) {
    require_sequence(node, place);
    target.clear();
    for (std::size_t i = 0; i < node.size(); ++i) {
      typename T::value_type item{};
      read_value(item, field, node[i], place.child(std::to_string(i)));
      target.push_back(std::move(item));
    }
  } else if constexpr (IsMap<T>::value) {
    require_map(node, place);
    target.clear();
    for (const auto& entry : node) {
      const std::string key = key_text(entry.first, place);
      read_value(target[key], field, entry.second, place.child(key));
    }
  } else {
    read_struct(target, node, place);
  }
}

class Reader {
 public:
  Reader(const YAML::Node& node, const Place& place) : node_(node), place_(place) {}

  template <class T>
  void field(const std::string& name, T& target, const Field& info) {
    known_.push_back(name);
    const YAML::Node child = node_[name];
    if (child.IsDefined()) {
      read_value(target, info, child, place_.child(name));
    } else if (info.required) {
      fail_absent(name, info, node_, place_);
    }
  }
  void finish() const { check_keys(node_, known_, place_); }

 private:
  const YAML::Node node_;
  const Place& place_;
  std::vector<std::string> known_;
};

template <class T>
void read_struct(T& target, const YAML::Node& node, const Place& place) {
  require_map(node, place);
  Reader reader(node, place);
  target.visit(reader);
  reader.finish();
  if constexpr (requires { target.validate(); }) {
    try {
      target.validate();
    } catch (const Error& error) {
      fail(ErrorKind::usage, "{}: {}", place.describe(node), error.what());
    }
  }
}

std::string format_double(double value);

template <class T>
YAML::Node to_node(T& value);

class Writer {
 public:
  template <class T>
  void field(const std::string& name, T& value, const Field&) {
    node[name] = to_node(value);
  }
  YAML::Node node{YAML::NodeType::Map};
};

template <class T>
YAML::Node to_node(T& value) {
  if constexpr (std::same_as<T, YamlText>) {
    return YAML::Load(value.text);
  } else if constexpr (IsOptional<T>::value) {
    return value ? to_node(*value) : YAML::Node(YAML::NodeType::Null);
  } else if constexpr (std::floating_point<T>) {
    return YAML::Node(format_double(value));
  } else if constexpr (Scalar<T>) {
    return YAML::Node(value);
  } else if constexpr (IsVector<T>::value) {
    YAML::Node node(YAML::NodeType::Sequence);
    for (auto& item : value) node.push_back(to_node(item));
    return node;
  } else if constexpr (IsMap<T>::value) {
    YAML::Node node(YAML::NodeType::Map);
    for (auto& [key, item] : value) node[key] = to_node(item);
    return node;
  } else {
    Writer writer;
    value.visit(writer);
    return writer.node;
  }
}

/// One line of --help: "optimizer.learning_rate = 0.001   step size".
struct HelpLine {
  std::string key;
  std::string value;
  std::string help;
};

class Describer {
 public:
  Describer(std::string prefix, std::vector<HelpLine>& lines)
      : prefix_(std::move(prefix)), lines_(lines) {}

  template <class T>
  void field(const std::string& name, T& value, const Field& info) {
    const std::string key = prefix_.empty() ? name : prefix_ + "." + name;
    if constexpr (requires { value.visit(*this); }) {
      Describer nested(key, lines_);
      value.visit(nested);
    } else {
      add(key, to_node(value), info);
    }
  }

 private:
  void add(const std::string& key, const YAML::Node& value, const Field& info);

  std::string prefix_;
  std::vector<HelpLine>& lines_;
};

std::string format_help(const std::vector<HelpLine>& lines);
YAML::Node load_layers(const std::vector<ConfigLayer>& layers,
                       const std::vector<std::string>& overrides, std::string& source);
/// The keys of "key.path=value" texts.
std::vector<std::string> override_keys(const std::vector<std::string>& overrides);
std::string emit(const YAML::Node& node);

}  // namespace parlando::config_detail
