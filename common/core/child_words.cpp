#include "common/core/child_words.h"

#include <cstdlib>
#include <filesystem>

#include <unistd.h>

#include "common/core/error.h"
#include "common/core/text.h"

namespace parlando {

std::vector<std::string> environment_with(const std::map<std::string, std::string>& changes,
                                          const std::function<bool(const std::string&)>& without) {
  std::vector<std::string> entries;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry, name = text.substr(0, text.find('='));
    if (!changes.contains(name) && !(without && without(name))) entries.push_back(text);
  }
  for (const auto& [name, value] : changes) entries.push_back(name + "=" + value);
  return entries;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (std::string& word : words) result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

std::string find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) return name;
  const char* path = std::getenv("PATH");
  for (const std::string& folder : split_text(path == nullptr ? "" : path, ':')) {
    const std::filesystem::path candidate = std::filesystem::path(folder) / name;
    std::error_code error;
    if (std::filesystem::is_regular_file(candidate, error) &&
        access(candidate.c_str(), X_OK) == 0) {
      return candidate.string();
    }
  }
  fail(ErrorKind::usage, "no program '{}' on PATH", name);
}

}  // namespace parlando
