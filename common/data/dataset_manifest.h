#pragma once

#include <filesystem>
#include <string>

#include "common/data/dataset.h"
#include "common/io/json.h"

namespace parlando::data {

inline constexpr const char* kManifestFile = "manifest.json";
inline constexpr const char* kCorpusFile = "corpus.jsonl";

/// "shard-00042.h5".
std::string shard_file_name(std::size_t index);

Json manifest_to_json(const DatasetManifest& manifest);

/// Reads manifest.json of a dataset folder. Throws Error(artefact) if it is absent, damaged or of
/// another version, naming the command that makes it anew.
DatasetManifest read_manifest(const std::filesystem::path& folder);

/// Writes manifest.json atomically: from then on the dataset counts as finished.
void write_manifest(const std::filesystem::path& folder, const DatasetManifest& manifest);

Json shard_to_json(const ShardEntry& shard);
ShardEntry shard_from_json(const Json& json, const std::string& source);

}  // namespace parlando::data
