#include "preprocess/pipeline/corpus_input.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <tbb/parallel_for.h>

#include "common/core/error.h"
#include "common/core/log.h"
#include "common/data/audit.h"
#include "common/data/scan.h"
#include "common/data/split_import.h"
#include "preprocess/pipeline/clip_loader.h"

namespace parlando::preprocess {
namespace {

/// A corpus manifest may be older than the files that it names.
void require_unchanged(data::Corpus& corpus, const std::filesystem::path& manifest) {
  std::vector<std::string> reasons(corpus.clips.size());
  tbb::parallel_for(std::size_t{0}, corpus.clips.size(), [&](std::size_t i) {
    try {
      check_clip(corpus.root, corpus.clips[i]);
    } catch (const Error& error) {
      reasons[i] = error.what();
    }
  });
  std::size_t changed = 0;
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    if (reasons[i].empty()) continue;
    ++changed;
    log_error("{}: {}", corpus.clips[i].path, reasons[i]);
  }
  if (changed > 0) {
    fail(ErrorKind::data,
         "{}: {} clips (named above) are not what was scanned; run 'parlando scan' again, or "
         "give the folder {}",
         manifest.string(), changed, corpus.root.string());
  }
}

void require_clean(const data::Corpus& corpus, const data::Split& split) {
  const data::Audit audit = data::audit_split(corpus, split);
  if (audit.clean()) return;
  std::string leaks;
  for (const data::Relation& relation : audit.relations) {
    if (relation.tolerated || relation.count == 0) continue;
    leaks += fmt::format("{}{} {} ({})", leaks.empty() ? "" : ", ", relation.count, relation.name,
                         relation.sides);
  }
  fail(ErrorKind::data, "the split leaks: {}; 'parlando audit' lists the pairs", leaks);
}

/// Takes clips without features off the sides.
void drop_defects(data::Split& split, const data::Corpus& listed,
                  const std::vector<data::Defect>& defects) {
  std::unordered_map<std::string, std::string> id_of_path;
  for (const data::Clip& clip : listed.clips) id_of_path.emplace(clip.path, clip.id);
  std::map<std::string, std::string> reasons;
  for (const data::Defect& defect : defects) {
    const auto id = id_of_path.find(defect.path);
    if (id != id_of_path.end()) reasons[id->second] = defect.reason;
  }
  for (std::vector<std::string>* side : {&split.train, &split.validation, &split.test}) {
    std::erase_if(*side, [&](const std::string& id) { return reasons.contains(id); });
  }
  for (const auto& [id, reason] : reasons) split.dropped.push_back({id, reason});
}

}  // namespace

CorpusInput load_corpus_input(const PreprocessJob& job, const data::Corpus& known) {
  CorpusInput input;
  data::ScanOptions options;
  options.threads = job.threads;
  options.cache = &known;
  options.labels = {job.config.layout, job.config.classes};
  input.corpus = data::load_or_list(job.corpus, options);
  if (data::is_corpus_manifest(job.corpus)) require_unchanged(input.corpus, job.corpus);
  input.drawn = job.split_file.empty();
  if (input.drawn) {
    input.split = data::draw_split(input.corpus, job.config.split);
  } else {
    input.split = data::load_split(job.split_file, input.corpus);
    require_clean(input.corpus, input.split);
  }
  return input;
}

SettledCorpus settle_corpus(CorpusInput input, const std::vector<data::Defect>& defects) {
  SettledCorpus settled{std::move(input.corpus), std::move(input.split)};
  data::Corpus& corpus = settled.corpus;
  drop_defects(settled.split, corpus, defects);
  std::unordered_set<std::string> unusable;
  std::erase_if(corpus.clips, [&](const data::Clip& clip) {
    if (clip.audio_hash.empty()) unusable.insert(clip.path);
    return clip.audio_hash.empty();
  });
  std::ranges::copy_if(defects, std::back_inserter(corpus.defects),
                       [&](const data::Defect& defect) { return unusable.contains(defect.path); });
  std::ranges::sort(corpus.defects, {}, &data::Defect::path);
  if (input.drawn) data::drop_shared_audio(settled.split, corpus);
  if (settled.split.config.scheme == data::kImportedScheme) {
    settled.split.corpus_hash = corpus.hash();  // the audio was not known when it was read
  }
  require_clean(corpus, settled.split);
  return settled;
}

}  // namespace parlando::preprocess
