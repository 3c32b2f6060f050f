#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "cli/inspect/describe.h"
#include "common/core/text.h"
#include "common/io/atomic_file.h"

namespace parlando::inspect {
namespace {

/// What the journals of all workers say.
struct Progress {
  std::string recipe, root;
  std::map<std::string, Json> shards;  ///< by file name: workers may know of the same
};

/// Damaged lines, as a crash leaves them, count for nothing.
void read_lines(const std::filesystem::path& journal, Progress& progress) {
  for (const std::string& text : split_text(read_file(journal), '\n')) {
    const Json line = Json::parse(text, nullptr, false);
    if (!line.is_object()) continue;
    if (line.contains("format")) {
      progress.recipe = json_get<std::string>(line, "recipe", journal.string());
      progress.root = json_get<std::string>(line, "root", journal.string());
    } else if (line.contains("shard")) {
      const Json shard = line["shard"];
      progress.shards[json_get<std::string>(shard, "file", journal.string())] = line;
    }
  }
}

}  // namespace

std::vector<std::filesystem::path> dataset_journals(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> journals;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("partial") && name.ends_with(".jsonl")) journals.push_back(entry.path());
  }
  std::ranges::sort(journals);
  return journals;
}

Json describe_unfinished(const std::vector<std::filesystem::path>& journals) {
  Progress progress;
  for (const std::filesystem::path& journal : journals) read_lines(journal, progress);
  std::int64_t rows = 0, bytes = 0;
  std::size_t defects = 0;
  for (const auto& [file, line] : progress.shards) {
    const std::string source = "journal line of " + file;
    const Json shard = line["shard"];
    rows += json_get<std::int64_t>(shard, "rows", source);
    bytes += json_get<std::int64_t>(shard, "bytes", source);
    defects += line.value("defects", Json::array()).size();
  }
  return Json{{"recipe", progress.recipe},
              {"corpus_root", progress.root},
              {"shards_done", progress.shards.size()},
              {"rows", rows},
              {"bytes", bytes},
              {"defects", defects},
              {"next", "'parlando preprocess' with the same --out continues it"}};
}

}  // namespace parlando::inspect
