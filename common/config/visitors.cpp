#include "common/config/visitors.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <unordered_set>

#include "common/core/text.h"
#include "common/io/atomic_file.h"

namespace parlando::config_detail {
namespace {

template <class T>
T parse_scalar(const YAML::Node& node, const Place& place, const char* expected) {
  T value{};
  if (!node.IsScalar() || !YAML::convert<T>::decode(node, value)) {
    const std::string given = node.IsScalar() ? "'" + node.Scalar() + "'" : "a list or a map";
    fail(ErrorKind::usage, "{}: expected {}, got {}", place.describe(node), expected, given);
  }
  return value;
}

/// YAML takes the first or the last of two equal keys, depending on where one looks.
void refuse_double_keys(const YAML::Node& map, const Place& place) {
  std::unordered_set<std::string> keys;
  for (const auto& entry : map) {
    const std::string key = key_text(entry.first, place);
    if (keys.insert(key).second) continue;
    fail(ErrorKind::usage, "{}: key '{}' stands twice", place.describe(entry.first), key);
  }
}

/// A node may be an alias of one above it, so that the tree has no end.
constexpr int kDeepest = 100;

void refuse_endless(const YAML::Node& node, const std::string& source, int depth = 0) {
  if (depth > kDeepest) fail(ErrorKind::usage, "{}: nested too deeply", source);
  for (const auto& entry : node)
    refuse_endless(node.IsMap() ? entry.second : YAML::Node(entry), source, depth + 1);
}

void merge(YAML::Node base, const YAML::Node& overlay, const Place& place, int depth = 0) {
  if (depth > kDeepest) fail(ErrorKind::usage, "{}: nested too deeply", place.describe(overlay));
  refuse_double_keys(overlay, place);
  for (const auto& entry : overlay) {
    const std::string key = key_text(entry.first, place);
    YAML::Node child = base[key];
    if (child.IsDefined() && child.IsMap() && entry.second.IsMap()) {
      merge(child, entry.second, place, depth + 1);
    } else {
      base[key] = entry.second;
    }
  }
}

YAML::Node load_file(const std::string& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) {
    fail(ErrorKind::usage, "{}: no such configuration file", file);
  }
  try {
    const std::string text = read_file(file);
    if (!is_utf8(text)) fail(ErrorKind::usage, "{}: not UTF-8; save it in that encoding", file);
    YAML::Node node = YAML::Load(text);
    if (node.IsNull()) return YAML::Node(YAML::NodeType::Map);
    if (!node.IsMap()) fail(ErrorKind::usage, "{}: expected keys and values", file);
    return node;
  } catch (const YAML::Exception& exception) {
    fail(ErrorKind::usage, "{}: not valid YAML: {}", file, exception.what());
  }
}

YAML::Node load_block(const ConfigLayer& layer) {
  const YAML::Node file = load_file(layer.file);
  if (layer.block.empty()) return file;
  const YAML::Node block = file[layer.block];
  if (!block.IsDefined() || block.IsNull()) return YAML::Node(YAML::NodeType::Map);
  require_map(block, {layer.file, layer.block});
  return block;
}

void apply_override(const YAML::Node& root, const std::string& text) {
  if (!is_utf8(text)) fail(ErrorKind::usage, "'{}': not UTF-8", text);
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    fail(ErrorKind::usage, "'{}': expected key=value, for instance seed=3", text);
  }
  const std::vector<std::string> keys = split_text(text.substr(0, equals), '.');
  YAML::Node node;
  node.reset(root);
  for (std::size_t i = 0; i + 1 < keys.size(); ++i) {
    YAML::Node next;
    const bool is_index = !keys[i].empty() && std::ranges::all_of(keys[i], [](unsigned char c) {
      return std::isdigit(c);
    });
    if (is_index && node.IsSequence()) {
      constexpr std::size_t kMostDigits = 9;
      const auto index = keys[i].size() > kMostDigits ? node.size() : std::stoull(keys[i]);
      if (index >= node.size())
        fail(ErrorKind::usage, "'{}': the list has {} entries", text, node.size());
      next.reset(node[index]);
    } else {
      YAML::Node child = node[keys[i]];
      if (!child.IsDefined() || child.IsNull()) {
        node[keys[i]] = YAML::Node(YAML::NodeType::Map);
      } else if (!child.IsMap() && !child.IsSequence()) {
        fail(ErrorKind::usage, "'{}': '{}' has no keys below it", text, keys[i]);
      }
      next.reset(node[keys[i]]);
    }
    node.reset(next);
  }
  try {
    node[keys.back()] = YAML::Load(text.substr(equals + 1));
  } catch (const YAML::Exception& exception) {
    fail(ErrorKind::usage, "'{}': the value is not valid YAML: {}", text, exception.what());
  }
}

}  // namespace

std::string Place::describe(const YAML::Node& node) const {
  const bool given_there = std::ranges::any_of(overridden, [&](const std::string& key) {
    return path == key || path.starts_with(key + ".");
  });
  if (given_there) return "command line: " + path;
  const YAML::Mark mark = node.Mark();
  const std::string line = mark.is_null() ? "" : fmt::format(":{}", mark.line + 1);
  return path.empty() ? source + line : fmt::format("{}{}: {}", source, line, path);
}

Place Place::child(std::string_view key) const {
  return {source, path.empty() ? std::string(key) : fmt::format("{}.{}", path, key), overridden};
}

bool read_scalar(const YAML::Node& node, const Place& place, bool) {
  return parse_scalar<bool>(node, place, "true or false");
}

std::int64_t read_scalar(const YAML::Node& node, const Place& place, std::int64_t) {
  return parse_scalar<std::int64_t>(node, place, "a whole number");
}

std::uint64_t read_scalar(const YAML::Node& node, const Place& place, std::uint64_t) {
  return parse_scalar<std::uint64_t>(node, place, "a whole number, 0 or more");
}

double read_scalar(const YAML::Node& node, const Place& place, double) {
  return parse_scalar<double>(node, place, "a number");
}

std::string read_scalar(const YAML::Node& node, const Place& place, const std::string&) {
  return parse_scalar<std::string>(node, place, "a text");
}

std::string key_text(const YAML::Node& key, const Place& place) {
  if (!key.IsScalar()) {
    fail(ErrorKind::usage, "{}: a key is a list or a map instead of a name", place.describe(key));
  }
  return key.Scalar();
}

void check_range(double value, const Field& field, const YAML::Node& node, const Place& place) {
  if (std::isfinite(value) && value >= field.min && value <= field.max) return;
  const std::string low = std::isinf(field.min) ? "" : fmt::format(", {} or more", field.min);
  const std::string high = std::isinf(field.max) ? "" : fmt::format(", {} or less", field.max);
  fail(ErrorKind::usage, "{}: {} is out of range, expected a finite number{}{}",
       place.describe(node), value, low, high);
}

void check_choice(const std::string& value, const Field& field, const YAML::Node& node,
                  const Place& place) {
  if (field.choices.empty() || std::ranges::find(field.choices, value) != field.choices.end())
    return;
  fail(ErrorKind::usage, "{}: '{}' is not one of {}", place.describe(node), value,
       join_text(field.choices, ", "));
}

void check_keys(const YAML::Node& node, const std::vector<std::string>& known, const Place& place) {
  refuse_double_keys(node, place);
  for (const auto& entry : node) {
    const std::string key = key_text(entry.first, place);
    if (std::ranges::find(known, key) != known.end()) continue;
    const std::string near = nearest(key, known);
    const std::string hint = near.empty() ? "known keys: " + join_text(known, ", ")
                                          : fmt::format("did you mean '{}'?", near);
    const Place there = place.child(key);
    const bool given_there =
        std::ranges::find(place.overridden, there.path) != place.overridden.end();
    fail(ErrorKind::usage, "{}: unknown key '{}'; {}",
         (given_there ? there : place).describe(entry.first), key, hint);
  }
}

void fail_absent(const std::string& key, const Field& field, const YAML::Node& node,
                 const Place& place) {
  const std::string choices =
      field.choices.empty() ? "" : "; one of " + join_text(field.choices, ", ");
  fail(ErrorKind::usage, "{}: the key '{}' is missing: {}{}", place.describe(node), key, field.help,
       choices);
}

void require_map(const YAML::Node& node, const Place& place) {
  if (!node.IsMap()) fail(ErrorKind::usage, "{}: expected keys and values", place.describe(node));
}

void require_sequence(const YAML::Node& node, const Place& place) {
  if (!node.IsSequence()) fail(ErrorKind::usage, "{}: expected a list", place.describe(node));
}

std::string yaml_text(const YAML::Node& node) {
  constexpr const char* kQuoted = "!";
  YAML::Emitter emitter;
  emitter << YAML::Flow;
  if (node.IsScalar() && node.Tag() == kQuoted) emitter << YAML::DoubleQuoted << node.Scalar();
  if (!node.IsScalar() || node.Tag() != kQuoted) emitter << node;
  return emitter.c_str();
}

std::string format_double(double value) {
  return fmt::format("{}", value);
}

void Describer::add(const std::string& key, const YAML::Node& value, const Field& info) {
  YAML::Emitter emitter;
  emitter << YAML::Flow << value;
  std::string help = info.help;
  if (!info.unit.empty()) help += " [" + info.unit + "]";
  if (!info.choices.empty()) help += " (" + join_text(info.choices, " | ") + ")";
  lines_.push_back({key, emitter.c_str(), help});
}

std::string format_help(const std::vector<HelpLine>& lines) {
  std::size_t width = 0;
  for (const HelpLine& line : lines)
    width = std::max(width, line.key.size() + line.value.size() + 1);
  width = std::min<std::size_t>(width, 44);
  std::string text;
  for (const HelpLine& line : lines) {
    text += fmt::format("  {:<{}}  {}\n", line.key + "=" + line.value, width, line.help);
  }
  return text;
}

YAML::Node load_layers(const std::vector<ConfigLayer>& layers,
                       const std::vector<std::string>& overrides, std::string& source) {
  YAML::Node root(YAML::NodeType::Map);
  std::vector<std::string> files;
  for (const ConfigLayer& layer : layers) {
    merge(root, load_block(layer), {layer.file, layer.block});
    files.push_back(layer.file);
  }
  for (const std::string& text : overrides) apply_override(root, text);
  source = files.empty() ? "command line" : join_text(files, "+");
  refuse_endless(root, source);
  return root;
}

std::vector<std::string> override_keys(const std::vector<std::string>& overrides) {
  std::vector<std::string> keys;
  for (const std::string& text : overrides) keys.push_back(text.substr(0, text.find('=')));
  return keys;
}

std::string emit(const YAML::Node& node) {
  YAML::Emitter emitter;
  emitter << node;
  return std::string(emitter.c_str()) + "\n";
}

}  // namespace parlando::config_detail
