#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "common/data/corpus.h"
#include "common/data/split.h"
#include "common/io/json.h"

namespace parlando::data {

/// One row of a dataset: a clip's features, or a variant of them, which `augmentation` (compact
/// JSON, augmentation.h) explains. A variant of normalised features alone has no frames of its own:
/// the loader makes it of its source's.
struct DatasetRow {
  std::string clip;          ///< id of the row: the clip's id, for a variant "<source>+1"
  std::int64_t emotion = 0;  ///< index into DatasetManifest::classes
  std::string channel, intensity, statement, repetition, actor, sex;
  std::string augmentation;  ///< "" for the clip itself
  std::string source;  ///< id of the clip that it comes from; equals `clip` for the clip itself
  std::string audio_hash;
  std::int64_t frames = 0;
};

struct ShardEntry {
  std::string file;  ///< relative to the dataset
  std::int64_t rows = 0;
  std::int64_t frames = 0;
  std::int64_t bytes = 0;
  std::string checksum;  ///< of the whole file
  std::string key;       ///< hash of what it is made from: an equal key makes equal bytes
};

/// A file that augmentation mixed in: a noise or the response of a room.
struct Sound {
  std::string path;
  std::string audio_hash;  ///< as of a clip
};

/// manifest.json of a dataset.
struct DatasetManifest {
  static constexpr int kVersion = 1;
  std::string id;  ///< hash of corpus, split, recipe and numerics version
  std::string corpus_name;
  bool synthetic = false;
  std::string corpus_hash;
  int numerics_version = 0;            ///< of the feature blocks (feature_extractor.h)
  std::string recipe;                  ///< the effective preprocess configuration, YAML
  std::vector<std::string> row_names;  ///< of the features, for instance "mel_0"
  std::vector<std::string> classes;
  Split split;
  std::vector<ShardEntry> shards;
  std::vector<Sound> sounds;  ///< of the folders that variants were made with
  std::vector<Defect>
      defects;          ///< clips left out on request (--allow-defects); `split` drops them too
  std::string version;  ///< of the program that wrote it
};

/// Reads every byte of a dataset's shards for their checksums; with several processes that share
/// the work, the shards `part`, `part + parts`, ... Throws Error(artefact) if the manifest or such
/// a shard is absent, damaged or of another version, naming the file and the command that makes it
/// anew.
void check_shards(const std::filesystem::path& folder, int part = 0, int parts = 1);

/// A finished dataset, open for reading. Reads are thread-safe.
class Dataset {
 public:
  /// Checks all shards before the HDF5 library parses them. Throws as check_shards().
  explicit Dataset(const std::filesystem::path& folder);
  /// Opens a dataset whose shards check_shards() has passed, all parts of them, on this host.
  static Dataset open_checked(const std::filesystem::path& folder);
  ~Dataset();
  Dataset(Dataset&&) noexcept;
  Dataset& operator=(Dataset&&) noexcept;

  const DatasetManifest& manifest() const;
  std::size_t size() const { return rows().size(); }
  const std::vector<DatasetRow>& rows() const;
  std::size_t feature_rows() const { return manifest().row_names.size(); }

  /// Features of a row that has frames, time-major [frames, feature_rows]; verified against the
  /// shard's fletcher32 sums. `out` has that size. Throws Error(artefact).
  void read(std::size_t row, std::span<float> out) const;

  /// Deals the labels of the clips out anew among them, as `seed` draws it; variants get that of
  /// their source. What is learned of them is nothing: a check of everything that reads a dataset.
  void permute_labels(std::uint64_t seed);

  /// The corpus manifest that the dataset keeps a copy of (corpus.jsonl), for splitting anew.
  Corpus corpus() const;

 private:
  struct Impl;
  explicit Dataset(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace parlando::data
