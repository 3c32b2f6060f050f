#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "common/data/dataset.h"
#include "common/io/chunked_matrix.h"
#include "common/io/hdf5.h"

namespace parlando::data {

/// One shard, open for reading. The HDF5 library reads the columns when it is opened; features are
/// read by pread, verified by their sums, by any number of threads at once. Thread-safe. Throws
/// Error(artefact) naming the file if it is absent, of another size than the manifest says, or
/// damaged.
class ShardReader {
 public:
  ShardReader(const std::filesystem::path& path, const ShardEntry& entry, std::size_t feature_rows);

  const std::vector<DatasetRow>& rows() const { return rows_; }
  /// Moves the rows out, for a reader that keeps them elsewhere.
  std::vector<DatasetRow> take_rows() { return std::move(rows_); }

  /// First frame of each row, and the total: [rows + 1].
  const std::vector<std::int64_t>& offsets() const { return offsets_; }

  /// Frames from `first` on, time-major; `out` holds whole frames.
  void read(std::int64_t first, std::span<float> out) const;

 private:
  std::vector<DatasetRow> load_rows(const Hdf5Reader& file, const ShardEntry& entry) const;

  std::filesystem::path path_;
  std::optional<ChunkedMatrix> features_;
  std::vector<std::int64_t> offsets_;
  std::vector<DatasetRow> rows_;
};

/// "" if the file is there with the size that the entry says, else what is wrong.
std::string shard_defect(const std::filesystem::path& path, const ShardEntry& entry);

/// Throws Error(artefact) for such a defect.
void require_shard(const std::filesystem::path& path, const ShardEntry& entry);

/// What to do about a damaged shard.
inline constexpr const char* kShardRemedy =
    "run 'parlando preprocess' again: it makes damaged shards anew";

}  // namespace parlando::data
