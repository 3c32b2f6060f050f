#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/data/corpus.h"
#include "common/data/dataset.h"
#include "preprocess/pipeline/journal.h"
#include "preprocess/pipeline/shard_plan.h"

namespace parlando::preprocess {

/// Hashes of the sounds and arrays that the dataset is made with (hash_cache.h).
inline constexpr const char* kHashesFile = ".hashes.json";

/// Shards by file name.
using FinishedShards = std::map<std::string, FinishedShard>;

/// What an output folder holds from earlier runs and from other workers.
struct EarlierWork {
  std::optional<data::DatasetManifest> manifest;   ///< of a finished dataset
  std::map<std::string, data::ShardEntry> shards;  ///< durable shards by file name
  std::map<std::string, std::string> reasons;      ///< why clips are not in them, by path
  std::string recipe_name;                         ///< "" if there is no earlier work
  data::Corpus known;  ///< clips whose audio was decoded, and where they lie
};

/// Throws Error(artefact) if the folder holds files that are not of a dataset.
void check_output(const std::filesystem::path& folder);

/// Looks for earlier work in the folder; a damaged manifest counts as none.
EarlierWork inspect_output(const std::filesystem::path& folder);

/// Throws Error(artefact) if the earlier work is of another recipe.
void require_recipe(const std::filesystem::path& folder, const EarlierWork& earlier,
                    const std::string& recipe_name);

/// The shards of the plan that are on disk with the key and the checksum that they should have.
/// Clips of theirs whose audio is unknown are decoded for that; `defects` of those that can't be
/// come with the shard.
FinishedShards reusable_shards(const std::filesystem::path& folder, const EarlierWork& earlier,
                               const ShardPlan& plan, data::Corpus& corpus);

/// Gives clips of equal path, size and time what `known` tells of their audio.
void learn_known(const data::Corpus& known, data::Corpus& corpus);

/// Removes temporary files. One worker alone has the folder to itself; one of several leaves those
/// that another may still be writing: of a process of this host that lives, or of another host,
/// and written in the last hours.
void remove_temporaries(const std::filesystem::path& folder, const Worker& worker);

/// Removes shards that the finished dataset does not have, journals, locks of workers and temporary
/// files.
void remove_leftovers(const std::filesystem::path& folder, const data::DatasetManifest& manifest,
                      const Worker& worker);

}  // namespace parlando::preprocess
