#include "cli/inspect/print.h"

#include <algorithm>
#include <cmath>

namespace parlando::inspect {
namespace {

constexpr std::size_t kShownItems = 12;
constexpr std::size_t kIndent = 2;

bool is_scalar(const Json& value) {
  return !value.is_structured();
}

std::string scalar_text(const Json& value) {
  if (value.is_string()) {
    const auto text = value.get<std::string>();
    return text.substr(0, text.find_last_not_of('\n') + 1);
  }
  if (value.is_number_float()) return fmt::format("{:.6g}", value.get<double>());
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  return value.is_null() ? "-" : value.dump();
}

std::string rest_text(std::size_t size) {
  return size > kShownItems ? fmt::format(" ... {} in all", size) : "";
}

std::string list_text(const Json& list) {
  std::string text;
  for (std::size_t i = 0; i < std::min(list.size(), kShownItems); ++i) {
    text += fmt::format("{}{}", i == 0 ? "" : ", ", scalar_text(list[i]));
  }
  return text.empty() ? "none" : text + rest_text(list.size());
}

/// An object of scalars on one line: "name mel, shape 3 x 3".
std::string row_text(const Json& object) {
  std::string text;
  for (const auto& [key, value] : object.items()) {
    const std::string shown =
        value.is_array() ? fmt::format("[{}]", list_text(value)) : scalar_text(value);
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", key, shown);
  }
  return text;
}

/// Our own member names read as words; those inside, such as configuration keys, stay as they are.
std::string label_of(std::string key, std::size_t indent) {
  if (indent == kIndent) std::replace(key.begin(), key.end(), '_', ' ');
  return key;
}

void print_members(const Json& object, std::size_t indent, std::string& text) {
  std::size_t width = 0;
  for (const auto& [key, value] : object.items()) width = std::max(width, key.size());
  for (const auto& [key, value] : object.items()) {
    const bool flat_list = value.is_array() && std::all_of(value.begin(), value.end(), is_scalar);
    if (is_scalar(value) || flat_list) {
      std::string shown = flat_list ? list_text(value) : scalar_text(value);
      const std::string line_start(indent + width + 2, ' ');
      for (std::size_t at = 0; (at = shown.find('\n', at)) != std::string::npos; ++at) {
        shown.insert(at + 1, line_start);
      }
      text += fmt::format("{:{}}{:<{}}  {}\n", "", indent, label_of(key, indent), width, shown);
      continue;
    }
    text += fmt::format("{:{}}{}\n", "", indent, label_of(key, indent));
    if (value.is_object()) {
      print_members(value, indent + kIndent, text);
      continue;
    }
    for (std::size_t i = 0; i < std::min(value.size(), kShownItems); ++i) {
      text += fmt::format("{:{}}{}\n", "", indent + kIndent,
                          value[i].is_object() ? row_text(value[i]) : value[i].dump());
    }
    if (value.size() > kShownItems) {
      text += fmt::format("{:{}}{}\n", "", indent + kIndent, rest_text(value.size()).substr(1));
    }
  }
}

}  // namespace

std::string to_text(const Json& description) {
  Json members = description;
  members.erase("kind");
  members.erase("path");
  std::string text = fmt::format("{}: {}\n", scalar_text(description.at("path")),
                                 scalar_text(description.at("kind")));
  print_members(members, kIndent, text);
  return text;
}

}  // namespace parlando::inspect
