#include "common/data/shard_reader.h"

#include <algorithm>
#include <new>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "common/core/error.h"
#include "common/data/shard_columns.h"

namespace parlando::data {
namespace {

Hdf5Reader open_shard(const std::filesystem::path& path, const ShardEntry& entry) {
  require_shard(path, entry);
  try {
    return Hdf5Reader(path);
  } catch (const Error& error) {
    fail(ErrorKind::artefact, "{}; the shard is damaged: {}", error.what(), kShardRemedy);
  }
}

bool offsets_agree(const std::vector<std::int64_t>& offsets, const ShardEntry& entry) {
  return !offsets.empty() && static_cast<std::int64_t>(offsets.size() - 1) == entry.rows &&
         offsets.front() == 0 && offsets.back() == entry.frames &&
         std::is_sorted(offsets.begin(), offsets.end());
}

}  // namespace

std::string shard_defect(const std::filesystem::path& path, const ShardEntry& entry) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(path, error);
  if (error) return error.message();
  if (bytes != static_cast<std::uintmax_t>(entry.bytes)) {
    return fmt::format("{} bytes long instead of {}", bytes, entry.bytes);
  }
  return "";
}

void require_shard(const std::filesystem::path& path, const ShardEntry& entry) {
  const std::string defect = shard_defect(path, entry);
  if (!defect.empty()) {
    fail(ErrorKind::artefact, "{}: {}; {}", path.string(), defect, kShardRemedy);
  }
}

ShardReader::ShardReader(const std::filesystem::path& path, const ShardEntry& entry,
                         std::size_t feature_rows)
    : path_(path) {
  const Hdf5Reader file = open_shard(path, entry);
  std::string reason = "its size or columns contradict the manifest";
  try {
    ChunkMap map = file.chunk_map(kFeatures);
    if (map.rows == static_cast<std::size_t>(entry.frames) && map.columns == feature_rows) {
      offsets_ = file.read_integers(kOffsets);
      if (offsets_agree(offsets_, entry)) {
        rows_ = load_rows(file, entry);
        features_.emplace(path, std::move(map));
        return;
      }
    }
  } catch (const Error& error) {
    reason = error.what();
  } catch (const std::bad_alloc&) {  // a damaged header may claim any size
  } catch (const std::length_error&) {
  }
  fail(ErrorKind::artefact, "{}: damaged ({}); {}", path_.string(), reason, kShardRemedy);
}

std::vector<DatasetRow> ShardReader::load_rows(const Hdf5Reader& file,
                                               const ShardEntry& entry) const {
  std::vector<DatasetRow> rows(static_cast<std::size_t>(entry.rows));
  const auto require_length = [&](std::size_t length, const char* column) {
    if (length != rows.size())
      fail(ErrorKind::artefact, "column '{}' has {} values", column, length);
  };
  const std::vector<std::int64_t> emotions = file.read_integers(kEmotion);
  require_length(emotions.size(), kEmotion);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].emotion = emotions[i];
    rows[i].frames = offsets_[i + 1] - offsets_[i];
  }
  for (const TextColumn& column : kTextColumns) {
    std::vector<std::string> texts = file.read_strings(column.name);
    require_length(texts.size(), column.name);
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].*column.member = std::move(texts[i]);
  }
  return rows;
}

void ShardReader::read(std::int64_t first, std::span<float> out) const {
  try {
    features_->read_rows(static_cast<std::size_t>(first), out);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::artefact) throw;
    fail(ErrorKind::artefact, "{}; the shard is damaged: {}", error.what(), kShardRemedy);
  }
}

}  // namespace parlando::data
