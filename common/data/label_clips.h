#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/data/class_config.h"
#include "common/data/corpus.h"

namespace parlando::data {

/// File in a corpus folder that names the corpus: {"name": "synthetic", "synthetic": true}.
/// Optional.
inline constexpr const char* kCorpusMarker = "parlando-corpus.json";

/// Where the labels of clips come from.
struct LabelOptions {
  std::string layout = "auto";  ///< of file names: layout_names(); no matter for a list of clips
  ClassConfig classes{};
};

/// The clips of a folder (every wav and FLAC file below it: clip_files.h, layout.h) or of a list
/// (clip_manifest.h), with labels, classes and what the file system tells, in manifest order,
/// nothing decoded. What can't be used becomes a defect with its reason. The result does not depend
/// on the order of the file system. Throws Error(usage) if there is no such folder or list,
/// Error(data) if no clip remains.
Corpus label_clips(const std::filesystem::path& source, const LabelOptions& options = {});

/// Throws Error(data) that says what was expected and what was found instead.
[[noreturn]] void fail_without_clips(const std::filesystem::path& source, const Corpus& corpus);

}  // namespace parlando::data
