#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/data/dataset.h"

namespace parlando::preprocess {

/// partial.jsonl of an unfinished dataset: a header line, then a line for each shard that is
/// durable. A line cut off by a crash is ignored.
class Journal {
 public:
  explicit Journal(const std::filesystem::path& folder);

  /// Name of the recipe, "" if there is no usable journal.
  const std::string& recipe_name() const { return recipe_name_; }
  const std::vector<data::ShardEntry>& shards() const { return shards_; }

  /// Starts anew with the shards that can be kept.
  void restart(const std::string& recipe_name, const std::vector<data::ShardEntry>& kept);
  /// Records a shard that is durable on disk.
  void append(const data::ShardEntry& shard);
  void remove();

 private:
  std::filesystem::path path_;
  std::string recipe_name_;
  std::vector<data::ShardEntry> shards_;
};

inline constexpr const char* kJournalFile = "partial.jsonl";

}  // namespace parlando::preprocess
