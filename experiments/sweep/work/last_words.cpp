#include "experiments/sweep/work/last_words.h"

#include <fstream>

#include <fmt/format.h>

#include "common/core/text.h"
#include "common/core/this_process.h"
#include "common/io/atomic_file.h"

namespace parlando::sweep {
namespace {

constexpr const char* kBegin = "[begin ";

}  // namespace

void begin_log(const std::filesystem::path& log, const std::vector<std::string>& command) {
  append_line(
      log, fmt::format("{}{} on {}] {}", kBegin, utc_now(), host_name(), join_text(command, " ")));
}

std::string last_words(const std::filesystem::path& log) {
  constexpr std::streamoff kTail = 16384;
  std::ifstream file(log, std::ios::binary);
  if (!file) return "";
  file.seekg(0, std::ios::end);
  const std::streamoff size = file.tellg();
  file.seekg(size > kTail ? size - kTail : 0);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  std::string last;
  const std::vector<std::string> lines = split_text(text, '\n');
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    if (line->starts_with(kBegin)) break;
    if (line->starts_with("parlando-")) return *line;
    if (last.empty()) last = trim_text(*line);
  }
  return last;
}

}  // namespace parlando::sweep
