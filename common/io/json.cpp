#include "common/io/json.h"

#include "common/io/atomic_file.h"

namespace parlando {

Json parse_json(std::string_view text, const std::string& source) {
  try {
    return Json::parse(text);
  } catch (const nlohmann::json::exception& error) {
    fail(ErrorKind::artefact, "{}: not valid JSON: {}", source, error.what());
  }
}

Json read_json(const std::filesystem::path& path) {
  return parse_json(read_file(path), path.string());
}

std::string json_text(const Json& value) {
  return value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void write_json(const std::filesystem::path& path, const Json& value) {
  write_file_atomically(path, json_text(value));
}

}  // namespace parlando
