#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/data/corpus.h"

namespace parlando::data {

/// File in a corpus folder that names the corpus: {"name": "synthetic", "synthetic": true}.
/// Optional.
inline constexpr const char* kCorpusMarker = "parlando-corpus.json";

struct ScanOptions {
  int threads = 0;       ///< 0 = all cores
  bool progress = true;  ///< progress on stderr
  /// An earlier scan: clips of equal path, size and time are taken from it.
  const Corpus* cache = nullptr;
  /// The same as a file; one that is absent or unusable is ignored.
  std::filesystem::path cache_path{};
};

/// Finds every wav and FLAC file below `root` (symbolic links followed, loops and hidden files
/// skipped), reads the labels from RAVDESS names and decodes each clip once. What can't be used
/// becomes a defect with its reason. The result does not depend on threads or on the order of the
/// file system. Throws Error(usage) if `root` is no folder, Error(data) if it holds no usable clip.
Corpus scan_corpus(const std::filesystem::path& root, const ScanOptions& options = {});

/// Scans a folder, or reads the corpus manifest that `path` names.
Corpus load_or_scan(const std::filesystem::path& path, const ScanOptions& options = {});

/// What a person should know although no clip is refused: identical audio under two names, silent
/// clips.
std::vector<std::string> corpus_warnings(const Corpus& corpus);

/// Throws Error(data) that lists the defects if there are more than `allowed`. Called when all
/// other work is done and written, so that one bad file costs no result.
void refuse_defects(const Corpus& corpus, std::size_t allowed);

}  // namespace parlando::data
