#include "common/data/dataset_manifest.h"

#include "common/core/error.h"

namespace parlando::data {
namespace {

constexpr const char* kFormat = "parlando-dataset";

const Json& member(const Json& json, const std::string& key, const std::string& source) {
  const auto found = json.find(key);
  if (found == json.end()) {
    fail(ErrorKind::artefact, "{}: key '{}' is missing; run 'parlando preprocess' again", source,
         key);
  }
  return *found;
}

Json read_whole(const std::filesystem::path& path) {
  try {
    return read_json(path);
  } catch (const Error& error) {
    fail(ErrorKind::artefact,
         "{}; the file is cut short or damaged: run 'parlando preprocess' again", error.what());
  }
}

}  // namespace

std::string shard_file_name(std::size_t index) {
  return fmt::format("shard-{:05}.h5", index);
}

Json shard_to_json(const ShardEntry& shard) {
  return {{"file", shard.file},   {"rows", shard.rows},         {"frames", shard.frames},
          {"bytes", shard.bytes}, {"checksum", shard.checksum}, {"key", shard.key}};
}

ShardEntry shard_from_json(const Json& json, const std::string& source) {
  ShardEntry shard;
  shard.file = json_get<std::string>(json, "file", source);
  shard.rows = json_get<std::int64_t>(json, "rows", source);
  shard.frames = json_get<std::int64_t>(json, "frames", source);
  shard.bytes = json_get<std::int64_t>(json, "bytes", source);
  shard.checksum = json_get<std::string>(json, "checksum", source);
  shard.key = json_get<std::string>(json, "key", source);
  return shard;
}

Json manifest_to_json(const DatasetManifest& manifest) {
  Json shards = Json::array();
  for (const ShardEntry& shard : manifest.shards) shards.push_back(shard_to_json(shard));
  Json defects = Json::array();
  for (const Defect& defect : manifest.defects) {
    defects.push_back({{"path", defect.path}, {"reason", defect.reason}});
  }
  Json sounds = Json::array();
  for (const Sound& sound : manifest.sounds) {
    sounds.push_back({{"path", sound.path}, {"audio_hash", sound.audio_hash}});
  }
  return {{"format", kFormat},
          {"schema_version", DatasetManifest::kVersion},
          {"id", manifest.id},
          {"corpus",
           {{"name", manifest.corpus_name},
            {"synthetic", manifest.synthetic},
            {"hash", manifest.corpus_hash}}},
          {"recipe", manifest.recipe},
          {"numerics_version", manifest.numerics_version},
          {"row_names", manifest.row_names},
          {"classes", manifest.classes},
          {"shards", shards},
          {"sounds", sounds},
          {"defects", defects},
          {"version", manifest.version},
          {"split", split_to_json(manifest.split)}};
}

DatasetManifest read_manifest(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / kManifestFile;
  if (!std::filesystem::exists(path)) {
    fail(ErrorKind::artefact,
         "{}: no {} here: not a finished dataset; make it with 'parlando preprocess'",
         folder.string(), kManifestFile);
  }
  const std::string source = path.string();
  const Json json = read_whole(path);
  if (!json.is_object() || json.value("format", "") != kFormat) {
    fail(ErrorKind::artefact, "{}: not the manifest of a dataset; run 'parlando preprocess' again",
         source);
  }
  const int found = json_get<int>(json, "schema_version", source);
  if (found != DatasetManifest::kVersion) {
    fail(ErrorKind::artefact,
         "{}: format version {}, this program reads {}; run 'parlando preprocess' again", source,
         found, DatasetManifest::kVersion);
  }
  DatasetManifest manifest;
  manifest.id = json_get<std::string>(json, "id", source);
  const Json& corpus = member(json, "corpus", source);
  manifest.corpus_name = json_get<std::string>(corpus, "name", source);
  manifest.synthetic = json_get<bool>(corpus, "synthetic", source);
  manifest.corpus_hash = json_get<std::string>(corpus, "hash", source);
  manifest.recipe = json_get<std::string>(json, "recipe", source);
  manifest.numerics_version = json_get<int>(json, "numerics_version", source);
  manifest.row_names = json_get<std::vector<std::string>>(json, "row_names", source);
  manifest.classes = json_get<std::vector<std::string>>(json, "classes", source);
  manifest.version = json_get<std::string>(json, "version", source);
  manifest.split = split_from_json(member(json, "split", source), source);
  for (const Json& shard : member(json, "shards", source)) {
    manifest.shards.push_back(shard_from_json(shard, source));
  }
  if (json.contains("sounds")) {
    for (const Json& sound : json["sounds"]) {
      manifest.sounds.push_back({json_get<std::string>(sound, "path", source),
                                 json_get<std::string>(sound, "audio_hash", source)});
    }
  }
  for (const Json& defect : member(json, "defects", source)) {
    manifest.defects.push_back({json_get<std::string>(defect, "path", source),
                                json_get<std::string>(defect, "reason", source)});
  }
  return manifest;
}

void write_manifest(const std::filesystem::path& folder, const DatasetManifest& manifest) {
  write_json(folder / kManifestFile, manifest_to_json(manifest));
}

}  // namespace parlando::data
