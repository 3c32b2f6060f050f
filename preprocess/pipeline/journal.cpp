#include "preprocess/pipeline/journal.h"

#include <system_error>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/data/dataset_manifest.h"
#include "common/io/atomic_file.h"
#include "common/io/json.h"

namespace parlando::preprocess {
namespace {

constexpr const char* kFormat = "parlando-dataset-partial";

}  // namespace

Journal::Journal(const std::filesystem::path& folder) : path_(folder / kJournalFile) {
  if (!std::filesystem::exists(path_)) return;
  for (const std::string& line : split_text(read_file(path_), '\n')) {
    try {
      const Json json = parse_json(line, path_.string());
      if (json.contains("format")) {
        if (json_get<std::string>(json, "format", path_.string()) != kFormat) return;
        recipe_name_ = json_get<std::string>(json, "recipe", path_.string());
      } else {
        shards_.push_back(data::shard_from_json(json, path_.string()));
      }
    } catch (const Error&) {
      continue;  // cut off by a crash: that shard is made again
    }
  }
}

void Journal::restart(const std::string& recipe_name, const std::vector<data::ShardEntry>& kept) {
  recipe_name_ = recipe_name;
  shards_ = kept;
  std::string text = Json{{"format", kFormat}, {"recipe", recipe_name}}.dump() + "\n";
  for (const data::ShardEntry& shard : kept) text += data::shard_to_json(shard).dump() + "\n";
  write_file_atomically(path_, text);
}

void Journal::append(const data::ShardEntry& shard) {
  append_line(path_, data::shard_to_json(shard).dump());
  shards_.push_back(shard);
}

void Journal::remove() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

}  // namespace parlando::preprocess
