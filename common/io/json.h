#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "common/core/error.h"

namespace parlando {

/// JSON with keys in the order of insertion, so that files read as they were written.
using Json = nlohmann::ordered_json;

/// Parses a file. Throws Error(artefact) naming file and position.
Json read_json(const std::filesystem::path& path);

/// Parses text; `source` names it in the error.
Json parse_json(std::string_view text, const std::string& source);

/// Writes indented JSON atomically.
void write_json(const std::filesystem::path& path, const Json& value);

/// Member `key` as T. Throws Error(artefact) naming `source` and key if it is absent or of another
/// type.
template <class T>
T json_get(const Json& object, const std::string& key, const std::string& source) {
  const auto found = object.find(key);
  if (found == object.end()) {
    fail(ErrorKind::artefact,
         "{}: key '{}' is missing; the file is damaged or from another version", source, key);
  }
  try {
    return found->template get<T>();
  } catch (const nlohmann::json::exception& error) {
    fail(ErrorKind::artefact, "{}: key '{}': {}", source, key, error.what());
  }
}

}  // namespace parlando
