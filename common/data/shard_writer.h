#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "common/data/dataset.h"
#include "common/io/hdf5.h"

namespace parlando::data {

/// Collects the rows of one shard in order and writes the file whole: its bytes are a function of
/// the rows alone. Not thread-safe.
class ShardWriter {
 public:
  explicit ShardWriter(std::size_t feature_rows) : feature_rows_(feature_rows) {}

  /// `features` is time-major [row.frames, feature_rows]; empty for a variant without frames.
  void add(DatasetRow row, std::vector<float> features);

  bool empty() const { return rows_.empty(); }

  /// Writes `path` durably (temporary name, fsync, rename) and says what the manifest has to know.
  /// Needs at least one row with frames. Throws Error(artefact) if the disk is full or the folder
  /// read-only.
  ShardEntry write(const std::filesystem::path& path) const;

 private:
  void fill(Hdf5Writer& file) const;

  std::size_t feature_rows_;
  std::vector<DatasetRow> rows_;
  std::vector<std::vector<float>> features_;  ///< of each row
};

}  // namespace parlando::data
