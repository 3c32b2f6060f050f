#pragma once

#include <filesystem>

#include "common/data/dataset.h"

namespace parlando::fuzz {

/// Writes a small shard, of three clips and one variant, and says what a manifest knows of it.
data::ShardEntry write_sample_shard(const std::filesystem::path& path);

/// Rows of features in it.
inline constexpr std::size_t kSampleFeatureRows = 3;

/// A manifest of that shard alone, with a corpus of those clips.
data::DatasetManifest sample_manifest(const data::ShardEntry& shard);
data::Corpus sample_corpus();

}  // namespace parlando::fuzz
