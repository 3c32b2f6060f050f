#include "common/io/json_lines.h"

#include "common/io/atomic_file.h"

namespace parlando {

std::vector<Json> read_json_lines(const std::filesystem::path& path) {
  std::vector<Json> lines;
  if (!std::filesystem::exists(path)) return lines;
  const std::string text = read_file(path);
  std::size_t number = 0;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = text.find('\n', start);
    ++number;
    if (end == std::string::npos && !Json::accept(text.substr(start))) break;
    const std::string line = text.substr(start, end - start);
    if (!line.empty()) {
      lines.push_back(parse_json(line, fmt::format("{}:{}", path.string(), number)));
    }
    if (end == std::string::npos) break;
    start = end + 1;
  }
  return lines;
}

}  // namespace parlando
