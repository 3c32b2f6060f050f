#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/data/dataset.h"
#include "preprocess/pipeline/worker.h"

namespace parlando::preprocess {

/// A durable shard, and what was learned while it was made.
struct FinishedShard {
  data::ShardEntry entry;
  std::vector<data::Clip> clips;      ///< planned for it, but for those that can't be decoded
  std::vector<data::Defect> defects;  ///< of clips that are not in it
};

/// What a journal holds.
struct JournalContent {
  std::string recipe_name;     ///< "" if it is no usable journal
  std::filesystem::path root;  ///< folder that clip paths are relative to
  std::vector<FinishedShard> shards;
};

/// A line cut off by a crash is ignored: that shard is made again.
JournalContent read_journal(const std::filesystem::path& path);

/// Whether a file of this name is a journal.
bool is_journal(const std::string& name);

/// The journal that one process keeps of an unfinished dataset: a header line, then a line for each
/// shard that is durable. partial.jsonl, or partial-2of4.jsonl of one of several workers.
class Journal {
 public:
  Journal(const std::filesystem::path& folder, const Worker& worker);

  /// Starts anew with the shards that can be kept.
  void restart(const std::string& recipe_name, const std::filesystem::path& root,
               const std::vector<FinishedShard>& kept);
  /// Records a shard that is durable on disk.
  void append(const FinishedShard& shard);

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace parlando::preprocess
