#include "common/data/scan.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <fstream>
#include <new>
#include <optional>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>
#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include "common/audio/decode.h"
#include "common/core/cpu.h"
#include "common/core/error.h"
#include "common/core/log.h"
#include "common/core/progress.h"
#include "common/core/text.h"
#include "common/data/clip_audio.h"
#include "common/data/clip_manifest.h"

namespace parlando::data {
namespace {

/// Fills in what a file tells: all of it, or its header alone.
using Examine = void (*)(const std::filesystem::path& path, Clip& clip);

void examine_audio(const std::filesystem::path& path, Clip& clip) {
  describe_audio(audio::decode_audio(path), clip);
}

void examine_header(const std::filesystem::path& path, Clip& clip) {
  describe_header(audio::read_audio_header(path), clip);
}

/// Returns why the clip can't be used, if so.
std::optional<std::string> defect_of(const std::filesystem::path& root, Examine examine,
                                     Clip& clip) {
  const std::filesystem::path path = root / clip.path;
  try {
    examine(path, clip);
    return std::nullopt;
  } catch (const Error& error) {
    std::string reason = error.what();
    const std::string prefix = path.string() + ": ";
    if (reason.starts_with(prefix)) reason.erase(0, prefix.size());
    return reason;
  } catch (const std::bad_alloc&) {
    return "needs more memory than there is; its header is likely damaged";
  }
}

/// Takes what decoding told from an earlier scan. Returns the indices of the clips to decode.
std::vector<std::size_t> reuse_earlier(const Corpus* earlier, const std::filesystem::path& root,
                                       std::vector<Clip>& clips) {
  std::unordered_map<std::string, const Clip*> known;
  if (earlier != nullptr && earlier->root == root) {
    for (const Clip& clip : earlier->clips) known.emplace(clip.path, &clip);
  }
  std::vector<std::size_t> changed;
  for (std::size_t i = 0; i < clips.size(); ++i) {
    Clip& clip = clips[i];
    const auto found = known.find(clip.path);
    if (found == known.end() || found->second->file_bytes != clip.file_bytes ||
        found->second->modified_ns != clip.modified_ns) {
      changed.push_back(i);
      continue;
    }
    copy_audio_facts(*found->second, clip);
  }
  return changed;
}

/// Examines the chosen clips in parallel; the reason of each that fails is set at its index.
std::vector<std::optional<std::string>> examine_clips(const std::filesystem::path& root,
                                                      Examine examine,
                                                      const std::vector<std::size_t>& chosen,
                                                      std::vector<Clip>& clips,
                                                      const ScanOptions& options) {
  std::vector<std::optional<std::string>> reasons(clips.size());
  if (chosen.empty()) return reasons;
  Progress progress("scan", static_cast<std::int64_t>(chosen.size()), "clips", !options.progress);
  std::atomic<std::int64_t> done{0};
  const int threads = options.threads > 0 ? options.threads : available_cores();
  // Without this TBB keeps to the cores it sees, whatever the arena asks for.
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(threads));
  tbb::task_arena arena(threads);
  arena.execute([&] {
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, chosen.size(), 1), [&](const auto& range) {
      for (std::size_t i = range.begin(); i != range.end(); ++i) {
        reasons[chosen[i]] = defect_of(root, examine, clips[chosen[i]]);
        progress.update(++done);
      }
    });
  });
  progress.finish();
  return reasons;
}

Corpus find_clips(const std::filesystem::path& source, Examine examine,
                  const ScanOptions& options) {
  Corpus corpus = label_clips(source, options.labels);
  std::vector<Clip> clips = std::exchange(corpus.clips, {});
  std::error_code error;
  std::optional<Corpus> stored;
  if (options.cache == nullptr && std::filesystem::exists(options.cache_path, error)) {
    try {
      stored = read_corpus(options.cache_path);
    } catch (const Error& unusable) {
      log_warning("{}; every clip is decoded anew", unusable.what());
    }
  }
  const Corpus* earlier = stored ? &*stored : options.cache;
  const std::vector<std::size_t> changed = reuse_earlier(earlier, corpus.root, clips);
  const auto reasons = examine_clips(corpus.root, examine, changed, clips, options);
  for (std::size_t i = 0; i < clips.size(); ++i) {
    if (reasons[i]) {
      corpus.defects.push_back({clips[i].path, *reasons[i]});
    } else {
      corpus.clips.push_back(std::move(clips[i]));
    }
  }
  std::ranges::sort(corpus.defects, {}, &Defect::path);
  if (corpus.clips.empty()) fail_without_clips(source, corpus);
  return corpus;
}

/// Refuses a file that is neither a corpus manifest nor, by its ending, a list of clips.
void require_manifest(const std::filesystem::path& path) {
  const std::string ending = lower_text(path.extension().string());
  if (ending == ".wav" || ending == ".flac") {
    fail(ErrorKind::usage, "{}: an audio file; give the folder that it is in, or a list of clips",
         path.string());
  }
  std::string head(64, '\0');
  std::ifstream(path, std::ios::binary)
      .read(head.data(), static_cast<std::streamsize>(head.size()));
  if (ending == ".jsonl" || head.find("parlando-corpus") != std::string::npos) return;
  fail(
      ErrorKind::usage,
      "{}: neither a corpus manifest of 'parlando scan' nor, by its ending, a list of clips (.csv, "
      ".jsonl, .ndjson)",
      path.string());
}

using Find = Corpus (*)(const std::filesystem::path& source, const ScanOptions& options);

Corpus load_or_find(const std::filesystem::path& path, const ScanOptions& options, Find find) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    fail(ErrorKind::usage, "{}: no such folder or corpus manifest", path.string());
  }
  if (!is_corpus_manifest(path)) return find(path, options);
  require_manifest(path);
  Corpus corpus = read_corpus(path);
  apply_classes(corpus, options.labels.classes);
  if (corpus.clips.empty()) fail_without_clips(path, corpus);
  return corpus;
}

}  // namespace

Corpus scan_corpus(const std::filesystem::path& source, const ScanOptions& options) {
  return find_clips(source, examine_audio, options);
}

Corpus list_corpus(const std::filesystem::path& source, const ScanOptions& options) {
  return find_clips(source, examine_header, options);
}

bool is_corpus_manifest(const std::filesystem::path& path) {
  std::error_code error;
  return std::filesystem::is_regular_file(path, error) && !is_clip_manifest(path);
}

Corpus load_or_scan(const std::filesystem::path& path, const ScanOptions& options) {
  return load_or_find(path, options, scan_corpus);
}

Corpus load_or_list(const std::filesystem::path& path, const ScanOptions& options) {
  return load_or_find(path, options, list_corpus);
}

std::vector<std::string> corpus_warnings(const Corpus& corpus) {
  std::vector<std::string> warnings;
  for (const std::vector<std::size_t>& group : corpus.duplicates()) {
    std::string names;
    for (const std::size_t i : group) names += (names.empty() ? "" : ", ") + corpus.clips[i].id;
    warnings.push_back("identical audio: " + names);
  }
  for (const Clip& clip : corpus.clips) {
    if (clip.peak == 0) warnings.push_back("silence, every sample is 0: " + clip.id);
  }
  return warnings;
}

void refuse_defects(const Corpus& corpus, std::size_t allowed) {
  if (corpus.defects.size() <= allowed) return;
  std::string list;
  for (const Defect& defect : corpus.defects) {
    list += fmt::format("\n  {}: {}", defect.path, defect.reason);
  }
  fail(ErrorKind::data,
       "{} file(s) of {} can't be used, {} allowed (--allow-defects); the others were processed:{}",
       corpus.defects.size(), corpus.root.string(), allowed, list);
}

}  // namespace parlando::data
