#include "preprocess/pipeline/output_folder.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <system_error>
#include <unordered_map>
#include <vector>

#include <tbb/parallel_for.h>

#include "common/config/config.h"
#include "common/core/error.h"
#include "common/core/log.h"
#include "common/data/clip_audio.h"
#include "common/data/dataset_manifest.h"
#include "common/data/shard_reader.h"
#include "common/io/atomic_file.h"
#include "common/io/checksum.h"
#include "preprocess/pipeline/clip_loader.h"

namespace parlando::preprocess {
namespace {

bool is_shard(const std::string& name) {
  return name.starts_with("shard-") && name.ends_with(".h5");
}
bool is_temporary(const std::string& name) {
  return name.find(kTemporaryMark) != std::string::npos;
}

std::set<std::string> file_names(const std::filesystem::path& folder) {
  std::set<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    names.insert(entry->path().filename().string());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    fail(ErrorKind::artefact, "{}: cannot be read: {}", folder.string(), error.message());
  }
  return names;
}

/// Name of the recipe that a manifest carries; "" if it can't be told.
std::string recipe_name_of(const data::DatasetManifest& manifest) {
  try {
    const YAML::Node node = YAML::Load(manifest.recipe)["name"];
    return node.IsDefined() ? node.as<std::string>() : "";
  } catch (const YAML::Exception&) {
    return "";
  }
}

void add_reasons(const std::vector<data::Defect>& defects, EarlierWork& earlier) {
  for (const data::Defect& defect : defects) earlier.reasons[defect.path] = defect.reason;
}

/// The manifest of a finished dataset and its shards.
void read_finished(const std::filesystem::path& folder, const std::set<std::string>& names,
                   EarlierWork& earlier) {
  try {
    earlier.manifest = data::read_manifest(folder);
    earlier.recipe_name = recipe_name_of(*earlier.manifest);
    for (const data::ShardEntry& shard : earlier.manifest->shards)
      earlier.shards[shard.file] = shard;
    add_reasons(earlier.manifest->defects, earlier);
  } catch (const Error& error) {
    if (!names.contains(data::kCorpusFile)) throw;
    log_warning("{}; the dataset is made anew", error.what());
  }
}

void add_journal(JournalContent journal, EarlierWork& earlier) {
  if (journal.recipe_name.empty()) return;
  earlier.recipe_name = journal.recipe_name;
  if (earlier.known.root.empty()) earlier.known.root = journal.root;
  for (FinishedShard& shard : journal.shards) {
    if (journal.root == earlier.known.root)
      std::ranges::move(shard.clips, std::back_inserter(earlier.known.clips));
    add_reasons(shard.defects, earlier);
    earlier.shards[shard.entry.file] = std::move(shard.entry);
  }
}

/// The corpus manifest of an earlier run knows the audio of clips that no journal names.
void add_corpus(const std::filesystem::path& path, data::Corpus& known) {
  try {
    data::Corpus corpus = data::read_corpus(path);
    if (!known.root.empty() && known.root != corpus.root) return;
    known.root = corpus.root;
    std::ranges::move(corpus.clips, std::back_inserter(known.clips));
  } catch (const Error&) {
    return;  // only time is lost: the clips are decoded again
  }
}

bool is_whole(const std::filesystem::path& path, const data::ShardEntry& entry) {
  if (entry.rows == 0) return true;  // of defective clips alone: there is no file
  return data::shard_defect(path, entry).empty() && hash_file(path) == entry.checksum;
}

/// Decodes the clips of a shard whose audio is unknown; returns those that can't be.
std::vector<data::Defect> learn_audio(const PlannedShard& shard, data::Corpus& corpus) {
  std::vector<data::Defect> defects;
  for (const std::size_t i : shard.clips) {
    data::Clip& clip = corpus.clips[i];
    if (!clip.audio_hash.empty()) continue;
    try {
      check_clip(corpus.root, clip);
    } catch (const Error& error) {
      defects.push_back({clip.path, error.what()});
    }
  }
  return defects;
}

/// Completes a kept shard: its clips that can be decoded, and why features of some are missing.
void add_known(const PlannedShard& shard, const EarlierWork& earlier, const data::Corpus& corpus,
               FinishedShard& kept) {
  for (const std::size_t i : shard.clips) {
    const data::Clip& clip = corpus.clips[i];
    if (clip.audio_hash.empty()) continue;
    kept.clips.push_back(clip);
    const auto reason = earlier.reasons.find(clip.path);
    if (reason != earlier.reasons.end()) kept.defects.push_back({clip.path, reason->second});
  }
}

}  // namespace

void check_output(const std::filesystem::path& folder) {
  const std::set<std::string> names = file_names(folder);
  if (names.contains(data::kManifestFile) || names.contains(data::kCorpusFile) ||
      std::ranges::any_of(names, is_journal)) {
    return;
  }
  const auto foreign = std::find_if(names.begin(), names.end(), [](const std::string& name) {
    return !name.starts_with(".lock") && name != kHashesFile && !is_temporary(name);
  });
  if (foreign != names.end()) {
    fail(ErrorKind::artefact,
         "{}: holds files that are not of a dataset ('{}'); choose another folder for --out",
         folder.string(), *foreign);
  }
}

EarlierWork inspect_output(const std::filesystem::path& folder) {
  const std::set<std::string> names = file_names(folder);
  EarlierWork earlier;
  if (names.contains(data::kManifestFile)) read_finished(folder, names, earlier);
  for (const std::string& name : names) {
    if (is_journal(name)) add_journal(read_journal(folder / name), earlier);
  }
  if (names.contains(data::kCorpusFile)) add_corpus(folder / data::kCorpusFile, earlier.known);
  return earlier;
}

void require_recipe(const std::filesystem::path& folder, const EarlierWork& earlier,
                    const std::string& recipe_name) {
  if (earlier.recipe_name.empty() || earlier.recipe_name == recipe_name) return;
  fail(
      ErrorKind::artefact,
      "{}: holds a dataset of the recipe '{}', not '{}'; choose another folder for --out or delete "
      "this one",
      folder.string(), earlier.recipe_name, recipe_name);
}

FinishedShards reusable_shards(const std::filesystem::path& folder, const EarlierWork& earlier,
                               const ShardPlan& plan, data::Corpus& corpus) {
  std::vector<std::optional<FinishedShard>> found(plan.shards.size());
  tbb::parallel_for(std::size_t{0}, plan.shards.size(), [&](std::size_t i) {
    const PlannedShard& shard = plan.shards[i];
    const auto candidate = earlier.shards.find(shard.file);
    if (candidate == earlier.shards.end()) return;
    const data::ShardEntry& entry = candidate->second;
    if (!is_whole(folder / shard.file, entry)) return;
    std::vector<data::Defect> defects = learn_audio(shard, corpus);
    if (shard_key(plan, shard, corpus) != entry.key) return;
    FinishedShard& kept = found[i].emplace();
    kept.entry = entry;
    kept.defects = std::move(defects);
    add_known(shard, earlier, corpus, kept);
  });
  FinishedShards reusable;
  for (std::optional<FinishedShard>& shard : found) {
    if (shard) reusable.emplace(shard->entry.file, std::move(*shard));
  }
  return reusable;
}

void learn_known(const data::Corpus& known, data::Corpus& corpus) {
  if (known.root != corpus.root) return;
  std::unordered_map<std::string, const data::Clip*> by_path;
  for (const data::Clip& clip : known.clips) by_path.emplace(clip.path, &clip);
  for (data::Clip& clip : corpus.clips) {
    const auto found = by_path.find(clip.path);
    if (!clip.audio_hash.empty() || found == by_path.end() ||
        found->second->file_bytes != clip.file_bytes ||
        found->second->modified_ns != clip.modified_ns) {
      continue;
    }
    data::copy_audio_facts(*found->second, clip);
  }
}

void remove_temporaries(const std::filesystem::path& folder, const Worker& worker) {
  std::error_code ignored;
  for (const std::string& name : file_names(folder)) {
    if (is_temporary(name) && (worker.alone() || is_abandoned_temporary(folder / name))) {
      std::filesystem::remove(folder / name, ignored);
    }
  }
}

void remove_leftovers(const std::filesystem::path& folder, const data::DatasetManifest& manifest,
                      const Worker& worker) {
  remove_temporaries(folder, worker);
  std::set<std::string> listed;
  for (const data::ShardEntry& shard : manifest.shards) listed.insert(shard.file);
  std::error_code ignored;
  for (const std::string& name : file_names(folder)) {
    if (is_journal(name) || name.starts_with(".lock-") ||
        (is_shard(name) && !listed.contains(name)))
      std::filesystem::remove(folder / name, ignored);
  }
}

}  // namespace parlando::preprocess
