#include "tests/house/source_tree.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>

namespace parlando::house {
namespace {

namespace fs = std::filesystem;

bool is_foreign(const std::string& name) {
  static const std::set<std::string> names{".git", ".deps", ".cache", "demo", "__pycache__"};
  return names.contains(name) || name.starts_with("build");
}

std::vector<SourceFile> read_tree() {
  const char* root = std::getenv("PARLANDO_SOURCE");
  if (root == nullptr)
    throw std::runtime_error("PARLANDO_SOURCE is not set; run this through ctest");
  std::vector<SourceFile> files;
  for (auto it = fs::recursive_directory_iterator(root); it != fs::recursive_directory_iterator();
       ++it) {
    if (it->is_directory() && is_foreign(it->path().filename().string())) {
      it.disable_recursion_pending();
      continue;
    }
    if (!it->is_regular_file()) continue;
    std::ifstream stream(it->path(), std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    files.push_back({fs::relative(it->path(), root).generic_string(), text.str()});
  }
  std::ranges::sort(files, {}, &SourceFile::path);
  return files;
}

}  // namespace

bool SourceFile::is_code() const {
  return path.ends_with(".h") || path.ends_with(".cpp");
}

std::vector<std::string> SourceFile::lines() const {
  std::vector<std::string> result;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) result.push_back(line);
  return result;
}

std::vector<std::string> SourceFile::includes() const {
  static const std::regex pattern(R"(^\s*#\s*include\s*["<]([^">]+)[">])");
  std::vector<std::string> result;
  for (const std::string& line : lines()) {
    std::smatch match;
    if (std::regex_search(line, match, pattern)) result.push_back(match[1]);
  }
  return result;
}

const std::vector<SourceFile>& source_tree() {
  static const std::vector<SourceFile> files = read_tree();
  return files;
}

}  // namespace parlando::house
