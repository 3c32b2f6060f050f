#include "common/data/shard_writer.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "common/core/error.h"
#include "common/data/shard_columns.h"
#include "common/io/atomic_file.h"
#include "common/io/checksum.h"

namespace parlando::data {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{64} << 10;

/// One clip a chunk where all clips are equally long, else chunks of about 64 KiB.
std::size_t chunk_frames(const std::vector<DatasetRow>& rows, std::size_t feature_rows) {
  std::int64_t frames = 0;
  for (const DatasetRow& row : rows) {
    if (row.frames == 0) continue;
    if (frames != 0 && row.frames != frames) {
      return std::max<std::size_t>(1, kChunkBytes / (feature_rows * sizeof(float)));
    }
    frames = row.frames;
  }
  return static_cast<std::size_t>(frames);
}

}  // namespace

void ShardWriter::add(DatasetRow row, std::vector<float> features) {
  if (features.size() != static_cast<std::size_t>(row.frames) * feature_rows_) {
    fail(ErrorKind::internal, "{}: {} values for {} frames of {} rows", row.clip, features.size(),
         row.frames, feature_rows_);
  }
  features_.push_back(std::move(features));
  rows_.push_back(std::move(row));
}

void ShardWriter::fill(Hdf5Writer& file) const {
  file.write_floats(kFeatures, features_, feature_rows_, chunk_frames(rows_, feature_rows_));
  std::vector<std::int64_t> offsets{0};
  std::vector<std::int64_t> emotions;
  for (const DatasetRow& row : rows_) {
    offsets.push_back(offsets.back() + row.frames);
    emotions.push_back(row.emotion);
  }
  file.write_integers(kOffsets, offsets);
  file.write_integers(kEmotion, emotions);
  std::vector<std::string> texts(rows_.size());
  for (const TextColumn& column : kTextColumns) {
    std::transform(rows_.begin(), rows_.end(), texts.begin(),
                   [&](const DatasetRow& row) { return row.*column.member; });
    file.write_strings(column.name, texts);
  }
}

ShardEntry ShardWriter::write(const std::filesystem::path& path) const {
  std::int64_t frames = 0;
  for (const DatasetRow& row : rows_) frames += row.frames;
  if (frames == 0) fail(ErrorKind::internal, "{}: a shard without frames", path.string());
  Hdf5Writer file(path.filename().string());
  fill(file);
  const std::string_view bytes = file.image();
  write_file_atomically(path, bytes);
  ShardEntry entry;
  entry.file = path.filename().string();
  entry.rows = static_cast<std::int64_t>(rows_.size());
  entry.frames = frames;
  entry.bytes = static_cast<std::int64_t>(bytes.size());
  entry.checksum = hash_text(bytes);
  return entry;
}

}  // namespace parlando::data
