#include "preprocess/pipeline/journal.h"

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/data/dataset_manifest.h"
#include "common/io/atomic_file.h"
#include "common/io/json.h"

namespace parlando::preprocess {
namespace {

constexpr const char* kFormat = "parlando-dataset-partial";

std::string line_of(const Json& json) {
  // A defect's path may hold bytes that are no UTF-8.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json finished_to_json(const FinishedShard& shard) {
  Json clips = Json::array();
  for (const data::Clip& clip : shard.clips) clips.push_back(data::clip_to_json(clip));
  Json defects = Json::array();
  for (const data::Defect& defect : shard.defects) {
    defects.push_back({{"path", defect.path}, {"reason", defect.reason}});
  }
  return {{"shard", data::shard_to_json(shard.entry)}, {"clips", clips}, {"defects", defects}};
}

FinishedShard finished_from_json(const Json& json, const std::string& source) {
  FinishedShard shard;
  shard.entry = data::shard_from_json(json_get<Json>(json, "shard", source), source);
  for (const Json& clip : json_get<Json>(json, "clips", source)) {
    shard.clips.push_back(data::clip_from_json(clip, data::kCorpusVersion, source));
  }
  for (const Json& defect : json_get<Json>(json, "defects", source)) {
    shard.defects.push_back({json_get<std::string>(defect, "path", source),
                             json_get<std::string>(defect, "reason", source)});
  }
  return shard;
}

}  // namespace

bool is_journal(const std::string& name) {
  return name.starts_with("partial") && name.ends_with(".jsonl");
}

JournalContent read_journal(const std::filesystem::path& path) {
  JournalContent content;
  if (!std::filesystem::exists(path)) return content;
  const std::string source = path.string();
  for (const std::string& line : split_text(read_file(path), '\n')) {
    try {
      const Json json = parse_json(line, source);
      if (json.contains("format")) {
        if (json_get<std::string>(json, "format", source) != kFormat) return content;
        content.recipe_name = json_get<std::string>(json, "recipe", source);
        content.root = json_get<std::string>(json, "root", source);
      } else {
        content.shards.push_back(finished_from_json(json, source));
      }
    } catch (const Error&) {
      continue;
    }
  }
  return content;
}

Journal::Journal(const std::filesystem::path& folder, const Worker& worker)
    : path_(folder / (worker.alone() ? "partial.jsonl" : "partial-" + worker.name() + ".jsonl")) {}

void Journal::restart(const std::string& recipe_name, const std::filesystem::path& root,
                      const std::vector<FinishedShard>& kept) {
  std::string text =
      line_of({{"format", kFormat}, {"recipe", recipe_name}, {"root", root.string()}}) + "\n";
  for (const FinishedShard& shard : kept) text += line_of(finished_to_json(shard)) + "\n";
  write_file_atomically(path_, text);
}

void Journal::append(const FinishedShard& shard) {
  append_line(path_, line_of(finished_to_json(shard)));
}

}  // namespace parlando::preprocess
