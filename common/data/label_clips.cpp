#include "common/data/label_clips.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/data/clip_files.h"
#include "common/data/clip_manifest.h"
#include "common/data/layout.h"
#include "common/io/json.h"

namespace parlando::data {
namespace {

void read_marker(Corpus& corpus) {
  const std::filesystem::path path = corpus.root / kCorpusMarker;
  if (!std::filesystem::exists(path)) return;
  const Json marker = read_json(path);
  corpus.name = json_get<std::string>(marker, "name", path.string());
  if (marker.contains("synthetic")) {
    corpus.synthetic = json_get<bool>(marker, "synthetic", path.string());
  }
}

/// Labels of every file, the unusable ones moved to the defects.
void label_files(const std::vector<ClipFile>& files, const Layout& layout, Corpus& corpus) {
  std::unordered_map<std::string, std::string> path_of_id;
  for (const ClipFile& file : files) {
    try {
      Clip clip = layout.parse(file.path);
      const auto [entry, first] = path_of_id.emplace(clip.id, file.path);
      if (!first) {
        fail(ErrorKind::data, "second file of clip {}, which {} holds already; keep one of them",
             clip.id, entry->second);
      }
      clip.path = file.path;
      clip.file_bytes = file.bytes;
      clip.modified_ns = file.modified_ns;
      corpus.clips.push_back(std::move(clip));
    } catch (const Error& error) {
      corpus.defects.push_back({file.path, error.what()});
    }
  }
}

std::string other_files(const ClipListing& listing) {
  std::string found;
  for (const auto& [ending, count] : listing.other_files) {
    found += fmt::format("{}{} {}", found.empty() ? "; it holds " : ", ", count,
                         ending.empty() ? "without ending" : ending);
  }
  return found;
}

std::string first_defect(const Corpus& corpus) {
  if (corpus.defects.empty()) return "";
  return fmt::format("; {} files can't be used, the first: {}: {}", corpus.defects.size(),
                     corpus.defects.front().path, corpus.defects.front().reason);
}

Corpus label_folder(const std::filesystem::path& source, const std::string& layout_name) {
  std::error_code error;
  Corpus corpus;
  corpus.root = std::filesystem::canonical(source, error);
  if (error || !std::filesystem::is_directory(corpus.root, error)) {
    if (std::filesystem::is_regular_file(source, error) && source.extension() == ".jsonl") {
      fail(ErrorKind::usage,
           "{}: a corpus manifest, which is not scanned again; give the folder or list that it was "
           "made from",
           source.string());
    }
    fail(ErrorKind::usage,
         "{}: no such folder, and no list of clips by its ending (.csv, .jsonl, .ndjson)",
         source.string());
  }
  const ClipListing listing = list_clip_files(corpus.root);
  std::vector<std::string> paths;
  for (const ClipFile& file : listing.files) paths.push_back(file.path);
  const Layout& layout = choose_layout(layout_name, paths);
  corpus.name = layout.corpus;
  corpus.classes = layout.classes;
  corpus.defects = listing.defects;
  label_files(listing.files, layout, corpus);
  read_marker(corpus);
  if (corpus.clips.empty()) {
    fail(ErrorKind::data,
         "{}: no usable clip. Expected wav or FLAC files, in any folders below it, with {} names "
         "{}, or those of another corpus (--layout), or a list of clips (CSV or JSON lines){}{}",
         source.string(), layout.corpus, layout.pattern, other_files(listing),
         first_defect(corpus));
  }
  return corpus;
}

}  // namespace

Corpus label_clips(const std::filesystem::path& source, const LabelOptions& options) {
  std::error_code error;
  const bool listed = std::filesystem::is_regular_file(source, error) && is_clip_manifest(source);
  Corpus corpus = listed ? read_clip_manifest(source) : label_folder(source, options.layout);
  if (listed) read_marker(corpus);
  if (!corpus.clips.empty()) apply_classes(corpus, options.classes);
  std::ranges::sort(corpus.clips, clip_before);
  std::ranges::sort(corpus.defects, {}, &Defect::path);
  if (corpus.clips.empty()) fail_without_clips(source, corpus);
  return corpus;
}

void fail_without_clips(const std::filesystem::path& source, const Corpus& corpus) {
  std::size_t left_out = 0;
  for (const auto& [label, count] : corpus.left_out) left_out += count;
  fail(ErrorKind::data, "{}: no usable clip; {} left out by the classes{}", source.string(),
       left_out, first_defect(corpus));
}

}  // namespace parlando::data
