#include "preprocess/pipeline/output_folder.h"

#include <algorithm>
#include <set>
#include <system_error>
#include <vector>

#include <tbb/parallel_for.h>

#include "common/config/config.h"
#include "common/core/error.h"
#include "common/core/log.h"
#include "common/data/dataset_manifest.h"
#include "common/data/shard_reader.h"
#include "common/io/checksum.h"
#include "preprocess/pipeline/journal.h"

namespace parlando::preprocess {
namespace {

bool is_shard(const std::string& name) {
  return name.starts_with("shard-") && name.ends_with(".h5");
}
bool is_temporary(const std::string& name) {
  return name.find(".tmp-") != std::string::npos;
}

std::set<std::string> file_names(const std::filesystem::path& folder) {
  std::set<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    names.insert(entry->path().filename().string());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    fail(ErrorKind::artefact, "{}: cannot be read: {}", folder.string(), error.message());
  }
  return names;
}

/// Name of the recipe that a manifest carries; "" if it can't be told.
std::string recipe_name_of(const data::DatasetManifest& manifest) {
  try {
    const YAML::Node node = YAML::Load(manifest.recipe)["name"];
    return node.IsDefined() ? node.as<std::string>() : "";
  } catch (const YAML::Exception&) {
    return "";
  }
}

}  // namespace

void check_output(const std::filesystem::path& folder) {
  const std::set<std::string> names = file_names(folder);
  if (names.contains(data::kManifestFile) || names.contains(kJournalFile) ||
      names.contains(data::kCorpusFile)) {
    return;
  }
  const auto foreign = std::find_if(names.begin(), names.end(), [](const std::string& name) {
    return name != ".lock" && !is_temporary(name);
  });
  if (foreign != names.end()) {
    fail(ErrorKind::artefact,
         "{}: holds files that are not of a dataset ('{}'); choose another folder for --out",
         folder.string(), *foreign);
  }
}

EarlierWork inspect_output(const std::filesystem::path& folder) {
  const std::set<std::string> names = file_names(folder);
  EarlierWork earlier;
  const Journal journal(folder);
  earlier.recipe_name = journal.recipe_name();
  for (const data::ShardEntry& shard : journal.shards()) earlier.shards[shard.file] = shard;
  if (!names.contains(data::kManifestFile)) return earlier;
  try {
    earlier.manifest = data::read_manifest(folder);
    earlier.recipe_name = recipe_name_of(*earlier.manifest);
    for (const data::ShardEntry& shard : earlier.manifest->shards)
      earlier.shards[shard.file] = shard;
  } catch (const Error& error) {
    if (!names.contains(data::kCorpusFile)) throw;
    log_warning("{}; the dataset is made anew", error.what());
  }
  return earlier;
}

std::map<std::string, data::ShardEntry> reusable_shards(const std::filesystem::path& folder,
                                                        const EarlierWork& earlier,
                                                        const ShardPlan& plan) {
  std::vector<const data::ShardEntry*> candidates(plan.shards.size(), nullptr);
  tbb::parallel_for(std::size_t{0}, plan.shards.size(), [&](std::size_t i) {
    const PlannedShard& shard = plan.shards[i];
    const auto found = earlier.shards.find(shard.file);
    if (found == earlier.shards.end() || found->second.key != shard.key) return;
    const std::filesystem::path path = folder / shard.file;
    if (data::shard_defect(path, found->second).empty() &&
        hash_file(path) == found->second.checksum) {
      candidates[i] = &found->second;
    }
  });
  std::map<std::string, data::ShardEntry> reusable;
  for (const data::ShardEntry* entry : candidates) {
    if (entry != nullptr) reusable[entry->file] = *entry;
  }
  return reusable;
}

void remove_temporaries(const std::filesystem::path& folder) {
  std::error_code ignored;
  for (const std::string& name : file_names(folder)) {
    if (is_temporary(name)) std::filesystem::remove(folder / name, ignored);
  }
}

void remove_other_shards(const std::filesystem::path& folder,
                         const data::DatasetManifest& manifest) {
  std::set<std::string> listed;
  for (const data::ShardEntry& shard : manifest.shards) listed.insert(shard.file);
  std::error_code ignored;
  for (const std::string& name : file_names(folder)) {
    if (is_shard(name) && !listed.contains(name)) std::filesystem::remove(folder / name, ignored);
  }
}

}  // namespace parlando::preprocess
