#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/data/corpus.h"
#include "common/data/label_clips.h"

namespace parlando::data {

struct ScanOptions {
  int threads = 0;       ///< 0 = all cores
  bool progress = true;  ///< progress on stderr
  /// An earlier scan: clips of equal path, size and time are taken from it.
  const Corpus* cache = nullptr;
  /// The same as a file; one that is absent or unusable is ignored.
  std::filesystem::path cache_path{};
  LabelOptions labels{};
};

/// Labels the clips of a folder or of a list (label_clips.h) and decodes each once. What can't be
/// used becomes a defect with its reason. The result does not depend on threads or on the order of
/// the file system. Throws Error(usage) if `source` is neither, Error(data) if it holds no usable
/// clip.
Corpus scan_corpus(const std::filesystem::path& source, const ScanOptions& options = {});

/// The same from names and headers: a clip that the options' earlier scan does not know has no
/// audio_hash and no peak yet, and whether all of it decodes shows later.
Corpus list_corpus(const std::filesystem::path& source, const ScanOptions& options = {});

/// Scans a folder or a list of clips, or reads the corpus manifest that `path` names and gives its
/// clips the classes that are asked for.
Corpus load_or_scan(const std::filesystem::path& path, const ScanOptions& options = {});

/// Lists a folder or a list of clips, or reads the corpus manifest likewise.
Corpus load_or_list(const std::filesystem::path& path, const ScanOptions& options = {});

/// True for a file that `load_or_scan` reads as a corpus manifest: its clips may have changed
/// since.
bool is_corpus_manifest(const std::filesystem::path& path);

/// What a person should know although no clip is refused: identical audio under two names, silent
/// clips.
std::vector<std::string> corpus_warnings(const Corpus& corpus);

/// Throws Error(data) that lists the defects if there are more than `allowed`. Called when all
/// other work is done and written, so that one bad file costs no result.
void refuse_defects(const Corpus& corpus, std::size_t allowed);

}  // namespace parlando::data
