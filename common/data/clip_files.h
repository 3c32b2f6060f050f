#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "common/data/corpus.h"

namespace parlando::data {

/// A wav or FLAC file below a corpus folder.
struct ClipFile {
  std::string path;  ///< relative to the folder
  std::int64_t bytes = 0;
  std::int64_t modified_ns = 0;  ///< since 1970
};

struct ClipListing {
  std::vector<ClipFile> files;                     ///< in the order of their paths
  std::vector<Defect> defects;                     ///< what can't be looked at, and why
  std::map<std::string, std::size_t> other_files;  ///< count by ending of files that are no clips
};

/// Walks a folder. Symbolic links are followed, each folder is entered once, so loops end; hidden
/// files and folders are skipped (archives made on a Mac hold a "._" file for each clip).
ClipListing list_clip_files(const std::filesystem::path& root);

/// Size and time of one file, `path` relative to `root`. Throws Error(data) with the reason alone
/// if it is absent, no regular file, or its symbolic links end nowhere or loop.
ClipFile inspect_clip_file(const std::filesystem::path& root, const std::string& path);

}  // namespace parlando::data
