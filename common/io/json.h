#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/core/error.h"

namespace parlando {

/// JSON with keys in the order of insertion, so that files read as they were written.
using Json = nlohmann::ordered_json;

/// Parses a file. Throws Error(artefact) naming file and position.
Json read_json(const std::filesystem::path& path);

/// Parses text; `source` names it in the error.
Json parse_json(std::string_view text, const std::string& source);

/// Indented JSON with a line break at the end. Bytes that are no UTF-8 (the name of a defective
/// file may hold such) become U+FFFD.
std::string json_text(const Json& value);

/// Writes json_text atomically.
void write_json(const std::filesystem::path& path, const Json& value);

/// Member `key` as T. Throws Error(artefact) naming `source` and key if it is absent, of another
/// type or a number that T does not hold.
template <class T>
T json_get(const Json& object, const std::string& key, const std::string& source) {
  const auto found = object.find(key);
  if (found == object.end()) {
    fail(ErrorKind::artefact,
         "{}: key '{}' is missing; the file is damaged or from another version", source, key);
  }
  if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
    const bool fits =
        found->is_number_unsigned()
            ? std::in_range<T>(found->template get<std::uint64_t>())
            : found->is_number_integer() && std::in_range<T>(found->template get<std::int64_t>());
    if (!fits)
      fail(ErrorKind::artefact, "{}: key '{}' is not a whole number in range", source, key);
  }
  try {
    return found->template get<T>();
  } catch (const nlohmann::json::exception& error) {
    fail(ErrorKind::artefact, "{}: key '{}': {}", source, key, error.what());
  }
}

}  // namespace parlando
