#include "common/data/dataset.h"

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <utility>

#include <tbb/parallel_for.h>

#include "common/core/error.h"
#include "common/core/random.h"
#include "common/data/dataset_manifest.h"
#include "common/data/shard_reader.h"
#include "common/io/checksum.h"

namespace parlando::data {
namespace {

/// Where a row's frames lie.
struct Location {
  std::size_t shard;
  std::int64_t first;
};

/// HDF5 covers the arrays with sums, not its own structure, and trusts that structure: a damaged
/// one makes version 1.10 write outside its buffers. So it never gets to see a damaged file.
void check_bytes(const std::filesystem::path& folder, const DatasetManifest& manifest,
                 std::size_t part, std::size_t parts) {
  tbb::parallel_for(part, std::max(part, manifest.shards.size()), parts, [&](std::size_t i) {
    const ShardEntry& entry = manifest.shards[i];
    require_shard(folder / entry.file, entry);
    if (hash_file(folder / entry.file) != entry.checksum) {
      fail(ErrorKind::artefact, "{}: damaged: its checksum differs from the manifest's; {}",
           (folder / entry.file).string(), kShardRemedy);
    }
  });
}

void check_emotions(const std::vector<DatasetRow>& rows, const DatasetManifest& manifest,
                    const std::filesystem::path& folder) {
  for (const DatasetRow& row : rows) {
    if (row.emotion < 0 || row.emotion >= static_cast<std::int64_t>(manifest.classes.size())) {
      fail(ErrorKind::artefact, "{}: row '{}' has class {} of {}; run 'parlando preprocess' again",
           folder.string(), row.clip, row.emotion, manifest.classes.size());
    }
  }
}

}  // namespace

struct Dataset::Impl {
  std::filesystem::path folder;
  DatasetManifest manifest;
  std::vector<ShardReader> shards;
  std::vector<DatasetRow> rows;
  std::vector<Location> locations;
};

void check_shards(const std::filesystem::path& folder, int part, int parts) {
  check_bytes(folder, read_manifest(folder), static_cast<std::size_t>(part),
              static_cast<std::size_t>(parts));
}

Dataset::Dataset(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Dataset::Dataset(const std::filesystem::path& folder) {
  check_shards(folder);
  *this = open_checked(folder);
}

Dataset Dataset::open_checked(const std::filesystem::path& folder) {
  auto impl = std::make_unique<Impl>();
  impl->folder = folder;
  impl->manifest = read_manifest(folder);
  for (const ShardEntry& entry : impl->manifest.shards) {
    ShardReader& shard =
        impl->shards.emplace_back(folder / entry.file, entry, impl->manifest.row_names.size());
    for (std::size_t i = 0; i < shard.rows().size(); ++i) {
      impl->locations.push_back({impl->shards.size() - 1, shard.offsets()[i]});
    }
    std::vector<DatasetRow> rows = shard.take_rows();
    std::move(rows.begin(), rows.end(), std::back_inserter(impl->rows));
  }
  check_emotions(impl->rows, impl->manifest, folder);
  return Dataset(std::move(impl));
}

Dataset::~Dataset() = default;
Dataset::Dataset(Dataset&&) noexcept = default;
Dataset& Dataset::operator=(Dataset&&) noexcept = default;

const DatasetManifest& Dataset::manifest() const {
  return impl_->manifest;
}
const std::vector<DatasetRow>& Dataset::rows() const {
  return impl_->rows;
}

void Dataset::read(std::size_t row, std::span<float> out) const {
  const std::size_t wanted = static_cast<std::size_t>(impl_->rows.at(row).frames) * feature_rows();
  if (out.size() != wanted) {
    fail(ErrorKind::internal, "row {}: room for {} values instead of {}", row, out.size(), wanted);
  }
  const Location& location = impl_->locations[row];
  impl_->shards[location.shard].read(location.first, out);
}

void Dataset::permute_labels(std::uint64_t seed) {
  std::vector<std::size_t> clips;
  for (std::size_t i = 0; i < impl_->rows.size(); ++i) {
    if (impl_->rows[i].augmentation.empty()) clips.push_back(i);
  }
  RandomStream random(seed, "permuted labels");
  for (std::size_t left = clips.size(); left > 1; --left) {
    const auto other = static_cast<std::size_t>(random.below(left));
    std::swap(impl_->rows[clips[left - 1]].emotion, impl_->rows[clips[other]].emotion);
  }
  std::unordered_map<std::string, std::int64_t> label_of;
  for (const std::size_t i : clips) label_of[impl_->rows[i].clip] = impl_->rows[i].emotion;
  for (DatasetRow& row : impl_->rows) {
    const auto source = label_of.find(row.source);
    if (source != label_of.end()) row.emotion = source->second;
  }
}

Corpus Dataset::corpus() const {
  const std::filesystem::path path = impl_->folder / kCorpusFile;
  Corpus corpus;
  try {
    corpus = read_corpus(path);
  } catch (const Error& error) {
    fail(ErrorKind::artefact, "{}; run 'parlando preprocess' again", error.what());
  }
  if (corpus.hash() != impl_->manifest.corpus_hash) {
    fail(ErrorKind::artefact,
         "{}: not the corpus that this dataset was made from; run 'parlando preprocess' again",
         path.string());
  }
  return corpus;
}

}  // namespace parlando::data
