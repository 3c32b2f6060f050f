#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "common/data/dataset.h"
#include "preprocess/pipeline/shard_plan.h"

namespace parlando::preprocess {

/// What an output folder holds from earlier runs.
struct EarlierWork {
  std::optional<data::DatasetManifest> manifest;   ///< of a finished dataset
  std::map<std::string, data::ShardEntry> shards;  ///< durable shards by file name
  std::string recipe_name;                         ///< "" if there is no earlier work
};

/// Throws Error(artefact) if the folder holds files that are not of a dataset.
void check_output(const std::filesystem::path& folder);

/// Looks for earlier work in the folder; a damaged manifest counts as none.
EarlierWork inspect_output(const std::filesystem::path& folder);

/// The shards of the plan that are on disk with the key and the checksum that they should have.
std::map<std::string, data::ShardEntry> reusable_shards(const std::filesystem::path& folder,
                                                        const EarlierWork& earlier,
                                                        const ShardPlan& plan);

/// Removes temporary files of killed runs.
void remove_temporaries(const std::filesystem::path& folder);

/// Removes shards that the finished dataset does not have.
void remove_other_shards(const std::filesystem::path& folder,
                         const data::DatasetManifest& manifest);

}  // namespace parlando::preprocess
